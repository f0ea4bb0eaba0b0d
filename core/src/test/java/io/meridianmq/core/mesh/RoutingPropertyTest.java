package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.digest.DigestExchange;
import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.digest.OwnDigest;
import io.meridianmq.core.interest.InterestSink;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.route.Router.Arrival;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.GlobalTopic;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The routing decision against a model that looks at every subscription of the platform: exact below the component that
 * decides, never too narrow beside it, and the same as the decision that is explained.
 */
class RoutingPropertyTest {

    private static final int PLATFORMS = 100;
    private static final int DECISIONS = 100;
    private static final AddressRules RULES = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);
    private static final List<String> REGIONS = List.of("r1", "r2", "r3");
    private static final List<String> LEVELS = List.of("a", "b", "c", "", "r1", "z1", "device", "region", "zone");

    /** One subscription. */
    private record Wanted(TopicFilter filter, boolean online) {

        boolean matches(String topic) {
            return !filter.isShared() && filter.matches(topic);
        }

        boolean isGroupOn(String topic) {
            return filter.isShared() && filter.matches(topic);
        }
    }

    private final Random random;
    private final long seed;
    private int decisions;
    private int unexplained;

    RoutingPropertyTest() {
        seed = Long.getLong("meridian.seed", 20_261_122L);
        random = new Random(seed);
    }

    @Test
    void theDecisionIsTheExplainedOneAndAgreesWithEverySubscriptionOfThePlatform() {
        for (var platform = 0; platform < PLATFORMS; platform++) {
            var scenario = new Scenario();
            for (var i = 0; i < DECISIONS; i++) {
                scenario.decideOnce();
            }
        }
        assertThat(decisions).isEqualTo(10_000);
        // Digests of this size are nearly empty Bloom filters, far below the one per cent of a full one.
        assertThat(unexplained).as("destinations that nobody asked for").isLessThan(decisions / 100);
    }

    /** One component of one platform, with all it knows of the others. */
    private final class Scenario {

        private final TreeMap<Place, List<Wanted>> subscriptions = new TreeMap<>();
        /** Filters that a digest still has though nobody wants them any more. */
        private final Map<Place, List<Wanted>> stale = new HashMap<>();

        private final Set<Place> notCurrent = new TreeSet<>();
        private final HeldDigests digests = new HeldDigests();
        private final InterestTable table;
        private final MembershipView view;
        private final Place self;
        private final Router router;
        private final List<GlobalTopic> globalTopics = someGlobalTopics();
        private final Router listed;

        Scenario() {
            for (var region : REGIONS) {
                for (var zone : List.of("z1", "z2")) {
                    for (var node : List.of("1", "2", "3")) {
                        subscriptions.put(Place.node(region, zone, node), someSubscriptions());
                    }
                }
            }
            self = someComponent();
            view = MembershipView.of(
                    1, places().map(place -> new Member(place, 1, "", "", "")).toList());
            table = switch (self.level()) {
                case NODE -> new InterestTable();
                case ZONE -> new InterestTable(Reach.REGION, digestOf(self));
                case REGION, GLOBAL -> new InterestTable(Reach.GLOBAL, digestOf(self));
            };
            fillTable();
            fillDigests();
            router = new Router(self, RULES, table, digests, () -> view);
            var settings = PlatformSettings.of(1, Map.of(CrossRegion.KEY, CrossRegion.LISTED), globalTopics);
            var crossing = CrossRegion.of(settings);
            listed = new Router(self, RULES, table, digests, () -> view, () -> crossing);
        }

        private Stream<Place> places() {
            return subscriptions.keySet().stream()
                    .flatMap(node -> Stream.of(node, node.inZone(), node.inRegion()))
                    .distinct();
        }

        private Place someComponent() {
            var node = any(List.copyOf(subscriptions.keySet()));
            return switch (random.nextInt(5)) {
                case 0 -> node.inZone();
                case 1 -> node.inRegion();
                default -> node;
            };
        }

        /** Where the publisher's own zone, or what is below a gateway, begins. */
        private Place around() {
            return self.inZone();
        }

        private void fillTable() {
            view.below(around()).forEach(holder -> {
                if (holder.equals(self)) {
                    var groups = entries(holder, Reach.GLOBAL, wantedAt(holder).filter(w -> w.filter.isShared()));
                    table.add(self, groups);
                    return;
                }
                var least = holder.level() == Place.Level.NODE ? Reach.ZONE : Reach.REGION;
                var entries = entries(holder, least, wantedAt(holder));
                if (random.nextInt(12) == 0) {
                    table.add(holder, entries);
                    notCurrent.add(holder);
                    return;
                }
                var sink = new InterestSink(table, holder);
                sink.onConnected();
                sink.onSnapshot(new Frame.InterestSnapshot(new InterestKey(holder, 1), 2, 0, true, entries), _ -> {});
            });
        }

        private void fillDigests() {
            var exchange = DigestExchange.hearing(digests, (_, _) -> {});
            beside().forEach(origin -> {
                var leaves = origin.level() == Place.Level.ZONE ? Reach.REGION : Reach.GLOBAL;
                var leftOvers = someSubscriptions().stream()
                        .filter(wanted -> !wanted.filter.isShared() && random.nextInt(4) == 0)
                        .toList();
                stale.put(origin, leftOvers);
                var digest = digestOf(origin);
                new InterestTable(leaves, digest)
                        .add(origin, entries(origin, leaves, Stream.concat(wantedAt(origin), leftOvers.stream())));
                var snapshot = digest.snapshot().orElseThrow();
                for (var i = 0; i < snapshot.chunks(); i++) {
                    exchange.onFrame(origin, new Frame.DigestPart(origin, snapshot.chunk(i)), 0);
                }
            });
        }

        private Stream<Place> beside() {
            return places().filter(place -> switch (place.level()) {
                case GLOBAL, NODE -> false;
                case ZONE ->
                    self.level() != Place.Level.REGION
                            && place.inRegion().equals(self.inRegion())
                            && !place.equals(self.inZone());
                case REGION -> !place.equals(self.inRegion());
            });
        }

        private Stream<Wanted> wantedAt(Place place) {
            return subscriptions.entrySet().stream()
                    .filter(entry -> place.contains(entry.getKey()))
                    .flatMap(entry -> entry.getValue().stream());
        }

        /** What a holder announces at least so far. */
        private InterestEntries entries(Place holder, Reach least, Stream<Wanted> wanted) {
            var own = new OwnInterest(new InterestKey(holder, 1));
            // Members with a connection first, so that a shared subscription never changes.
            wanted.sorted(Comparator.comparing((Wanted w) -> !w.online)).forEach(w -> {
                if (w.filter.isShared()) {
                    own.join(w.filter, w.online);
                } else {
                    var reach = RULES.reachOf(w.filter.filter(), holder);
                    if (reach.covers(least)) {
                        own.add(w.filter, reach);
                    }
                }
            });
            return own.version() == OwnInterest.FIRST_VERSION
                    ? InterestEntries.NONE
                    : own.deltaAfter(OwnInterest.FIRST_VERSION).added();
        }

        // ---- One decision

        void decideOnce() {
            decisions++;
            var topic = someTopic();
            var qos = Qos.of(random.nextInt(3));
            var from = self.level() == Place.Level.NODE && random.nextBoolean() ? self : someOrigin();
            var arrival = arrivalFrom(from);
            var what = "seed %d (run again with -Dmeridian.seed=%d), decision %d: %s with %s at %s from %s"
                    .formatted(seed, seed, decisions, topic, qos, self, from);

            checkExplanation(what, topic, qos, from, arrival);
            checkThatAnOriginInsideDecides(what, topic, qos);

            var granted = arrival == Arrival.PUBLISHED_HERE ? List.<GroupGrant>of() : someGrants(topic);
            var spread = random.nextLong();
            var decision = router.decide(topic, qos, arrival, granted, spread);
            checkBelow(what, topic, qos, decision);
            checkBeside(what, topic, arrival, decision);
            checkGroups(what, topic, arrival, granted, spread, decision);
            checkListed(what, topic, arrival, decision, listed.decide(topic, qos, arrival, granted, spread));
        }

        /** Where only global topics may go to other regions, the same goes everywhere else. */
        private void checkListed(
                String what, String topic, Arrival arrival, Destinations open, Destinations restricted) {
            if (arrival != Arrival.PUBLISHED_HERE || self.level() != Place.Level.NODE) {
                assertThat(restricted).as(what).isEqualTo(open);
                return;
            }
            var home = RULES.addressOf(topic).inRegion();
            if (!home.equals(Place.GLOBAL) && !home.equals(self.inRegion()) && !mayCross(topic, home)) {
                assertThat(restricted).as(what).isEqualTo(Destinations.REFUSED);
                return;
            }
            assertThat(restricted.nodes()).as(what).containsAll(open.nodes());
            assertThat(restricted.zones()).as(what).containsAll(open.zones());
            assertThat(restricted.regions())
                    .as(what)
                    .allMatch(region -> mayCross(topic, region))
                    .containsAll(open.regions().stream()
                            .filter(region -> mayCross(topic, region))
                            .filter(region -> !isGranted(region, open))
                            .toList());
            var wantedInVain = beside().filter(place -> place.level() == Place.Level.REGION && !mayCross(topic, place))
                    .anyMatch(region -> wantedAt(region).anyMatch(wanted -> wanted.matches(topic)));
            if (wantedInVain) {
                assertThat(restricted.withheld()).as(what).isEqualTo(Destinations.Withheld.REGIONS);
            }
            for (var grant : restricted.grants()) {
                assertThat(grant.target())
                        .as(what)
                        .matches(place -> place.level() != Place.Level.REGION || mayCross(topic, place));
            }
            for (var grant : open.grants()) {
                if (restricted.grants().stream()
                        .noneMatch(other -> textOf(other).equals(textOf(grant)))) {
                    assertThat(best(textOf(grant), arrival, 0))
                            .as(what)
                            .allMatch(place -> place.level() == Place.Level.REGION && !mayCross(topic, place));
                    assertThat(restricted.withheld()).as(what).isEqualTo(Destinations.Withheld.REGIONS);
                }
            }
        }

        private boolean mayCross(String topic, Place region) {
            return globalTopics.stream()
                    .anyMatch(global -> TopicFilter.of(global.filter()).matches(topic)
                            && (global.from().isEmpty() || global.from().contains(self.inRegion()))
                            && (global.to().isEmpty() || global.to().contains(region)));
        }

        private void checkExplanation(String what, String topic, Qos qos, Place from, Arrival arrival) {
            var decision = router.decide(topic, qos, arrival, List.of(), 0);
            var decided = destinations(decision);
            decision.grantsFor(self).forEach(grant -> decided.add(grant.target()));
            var explained =
                    Explanation.of(router, new Question.Explain(topic, qos, from), self, Optional::of, List.of());
            assertThat(explained.destinations())
                    .as(what)
                    .extracting(Answer.Destination::place)
                    .containsAll(decided)
                    .allMatch(decided::contains);
            assertThat(explained.destinations())
                    .as(what)
                    .noneMatch(to -> to.reason().isBlank());
        }

        private void checkThatAnOriginInsideDecides(String what, String topic, Qos qos) {
            var inside = any(subscriptions.keySet().stream()
                    .filter(node -> around().contains(node) && !node.equals(self))
                    .toList());
            var explained =
                    Explanation.of(router, new Question.Explain(topic, qos, inside), self, Optional::of, List.of());
            assertThat(explained.destinations()).as(what).isEmpty();
        }

        private void checkBelow(String what, String topic, Qos qos, Destinations decision) {
            var home = RULES.addressOf(topic);
            var expected = view.below(around())
                    .filter(place -> !place.equals(self))
                    .filter(place -> wantedAt(place).anyMatch(wanted -> wanted.matches(topic))
                            || (qos != Qos.AT_MOST_ONCE && notCurrent.contains(place))
                            || (place.level() == Place.Level.ZONE && place.equals(home))
                            || isGranted(place, decision))
                    .collect(Collectors.toCollection(TreeSet::new));
            var below = self.level() == Place.Level.REGION ? decision.zones() : decision.nodes();
            assertThat(below).as(what).containsExactlyInAnyOrderElementsOf(expected);
        }

        private void checkBeside(String what, String topic, Arrival arrival, Destinations decision) {
            var reached = destinations(decision);
            beside().forEach(place -> {
                if (!mayReach(place, arrival)) {
                    assertThat(reached).as(what).doesNotContain(place);
                } else if (wantedAt(place).anyMatch(wanted -> wanted.matches(topic))) {
                    assertThat(reached).as(what).contains(place);
                } else if (reached.contains(place)
                        && !isGranted(place, decision)
                        && !place.contains(RULES.addressOf(topic))
                        && stale.getOrDefault(place, List.of()).stream().noneMatch(w -> w.matches(topic))) {
                    unexplained++;
                }
            });
        }

        private void checkGroups(
                String what, String topic, Arrival arrival, List<GroupGrant> granted, long spread, Destinations to) {
            var groups = new TreeSet<String>();
            for (var candidate : Stream.concat(near(), far(arrival)).toList()) {
                wantedAt(candidate)
                        .filter(wanted -> wanted.isGroupOn(topic))
                        .map(wanted -> wanted.filter.text())
                        .forEach(groups::add);
            }
            if (arrival != Arrival.PUBLISHED_HERE) {
                groups.removeIf(group -> granted.stream().noneMatch(grant -> group.equals(textOf(grant))));
            }
            assertThat(to.grants())
                    .as(what)
                    .extracting(RoutingPropertyTest::textOf)
                    .containsExactlyInAnyOrderElementsOf(groups);
            for (var grant : to.grants()) {
                assertThat(best(textOf(grant), arrival, spread)).as(what).contains(grant.target());
                assertThat(grant.target().equals(self) || destinations(to).contains(grant.target()))
                        .as(what)
                        .isTrue();
            }
        }

        /** Who may serve: the one near whose turn it is, else anybody far, members with a connection before others. */
        private Set<Place> best(String group, Arrival arrival, long spread) {
            for (var online : List.of(true, false)) {
                Predicate<Place> serves =
                        place -> wantedAt(place).anyMatch(w -> w.filter.text().equals(group) && (w.online || !online));
                var near = near().filter(serves).sorted().toList();
                if (!near.isEmpty()) {
                    return Set.of(near.get((int) Long.remainderUnsigned(spread, near.size())));
                }
                var far = far(arrival).filter(serves).collect(Collectors.toSet());
                if (!far.isEmpty()) {
                    return far;
                }
            }
            return Set.of();
        }

        private Stream<Place> near() {
            return view.below(around());
        }

        private Stream<Place> far(Arrival arrival) {
            return beside().filter(place -> mayReach(place, arrival));
        }

        private boolean mayReach(Place place, Arrival arrival) {
            return self.level() == Place.Level.NODE
                    && switch (arrival) {
                        case PUBLISHED_HERE -> true;
                        case FROM_ANOTHER_REGION -> place.level() == Place.Level.ZONE;
                        case FROM_ANOTHER_ZONE -> false;
                    };
        }

        private Arrival arrivalFrom(Place from) {
            if (from.equals(self)) {
                return Arrival.PUBLISHED_HERE;
            }
            return from.inRegion().equals(self.inRegion()) ? Arrival.FROM_ANOTHER_ZONE : Arrival.FROM_ANOTHER_REGION;
        }

        /** A node from which a publication lands here. */
        private Place someOrigin() {
            return any(subscriptions.keySet().stream()
                    .filter(node -> !around().contains(node))
                    .toList());
        }

        private List<GroupGrant> someGrants(String topic) {
            return wantedAt(Place.GLOBAL)
                    .filter(wanted -> wanted.isGroupOn(topic) && random.nextBoolean())
                    .map(wanted -> new GroupGrant(self, wanted.filter.group().orElseThrow(), wanted.filter.filter()))
                    .distinct()
                    .toList();
        }
    }

    private static boolean isGranted(Place place, Destinations decision) {
        return !decision.grantsFor(place).isEmpty();
    }

    private static Set<Place> destinations(Destinations decision) {
        var all = new HashSet<Place>();
        Stream.of(decision.nodes(), decision.zones(), decision.regions())
                .flatMap(List::stream)
                .forEach(
                        place -> assertThat(all.add(place)).as("%s once", place).isTrue());
        return all;
    }

    private static String textOf(GroupGrant grant) {
        return "$share/" + grant.group() + "/" + grant.filter();
    }

    private static OwnDigest digestOf(Place place) {
        return new OwnDigest(place, 1, () -> LongStream.empty().iterator());
    }

    // ---- Subscriptions and topics

    private List<Wanted> someSubscriptions() {
        var some = new ArrayList<Wanted>();
        for (var i = random.nextInt(6); i > 0; i--) {
            var plain = someFilter();
            var shared = random.nextInt(5) == 0;
            var filter = shared ? "$share/g" + random.nextInt(2) + "/" + plain : plain;
            some.add(new Wanted(TopicFilter.of(filter), !shared || random.nextBoolean()));
        }
        return some;
    }

    private List<GlobalTopic> someGlobalTopics() {
        return Stream.generate(() -> new GlobalTopic(someFilter(), someRegions(), someRegions()))
                .limit(random.nextInt(6))
                .toList();
    }

    private SortedSet<Place> someRegions() {
        return REGIONS.stream()
                .filter(_ -> random.nextInt(6) == 0)
                .map(Place::region)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String someFilter() {
        var levels = List.of(someTopic().split("/", -1)).stream()
                .map(level -> random.nextInt(4) == 0 ? "+" : level)
                .collect(Collectors.toCollection(ArrayList::new));
        switch (random.nextInt(6)) {
            case 0 -> levels.set(levels.size() - 1, "#");
            case 1 -> levels.add("#");
            default -> {}
        }
        return String.join("/", levels);
    }

    private String someTopic() {
        return switch (random.nextInt(5)) {
            case 0 -> "device/" + any(REGIONS) + "/z" + (1 + random.nextInt(2)) + "/" + any(List.of("a", "b", "b/c"));
            case 1 -> "region/" + any(REGIONS) + "/" + any(List.of("a", "zone/z1/b", "zone/z2"));
            case 2 -> (random.nextInt(8) == 0 ? "$a/" : "/") + any(LEVELS);
            default ->
                Stream.generate(() -> any(LEVELS.subList(0, 3)))
                        .limit(1 + random.nextInt(3))
                        .collect(Collectors.joining("/"));
        };
    }

    private <T> T any(List<T> things) {
        return things.get(random.nextInt(things.size()));
    }
}
