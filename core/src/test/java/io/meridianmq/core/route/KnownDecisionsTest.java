package io.meridianmq.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.digest.DigestExchange;
import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.digest.OwnDigest;
import io.meridianmq.core.interest.InterestSink;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownDecisionsTest {

    private static final AddressRules RULES = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);
    private static final Place SELF = Place.node("us", "a", "1");
    private static final List<Place> NODES = List.of(Place.node("us", "a", "2"), Place.node("us", "a", "3"));
    private static final List<Place> BESIDE = List.of(Place.zone("us", "b"), Place.region("eu"));
    private static final CrossRegion LISTED =
            CrossRegion.of(PlatformSettings.of(1, Map.of(CrossRegion.KEY, CrossRegion.LISTED), List.of()));

    private final InterestTable table = new InterestTable();
    private final HeldDigests digests = new HeldDigests();
    private final DigestExchange exchange = DigestExchange.hearing(digests, (_, _) -> {});
    private MembershipView view = MembershipView.EMPTY;
    private CrossRegion crossing = CrossRegion.OPEN;
    private final Router router = router();

    private static LongStream seeds() {
        var given = Long.getLong("meridian.seed");
        return given != null ? LongStream.of(given) : LongStream.range(0, 40);
    }

    private Router router() {
        return new Router(SELF, RULES, table, digests, () -> view, () -> crossing);
    }

    @Test
    void aDecisionIsMadeOnceUntilSomethingChanges() {
        for (var node : NODES) { // Two, since a decision for one place is always the same object.
            wants(node, "t");
        }

        var first = decide(router, "t", Qos.AT_MOST_ONCE, 1);
        assertThat(decide(router, "t", Qos.AT_MOST_ONCE, 2)).isSameAs(first);

        view = MembershipView.of(1, List.of(new Member(SELF, 1, "", "", "")));
        assertThat(decide(router, "t", Qos.AT_MOST_ONCE, 3)).isEqualTo(first).isNotSameAs(first);
    }

    @Test
    void decisionsForTheSamePlaceAloneAreOneObject() {
        wants(NODES.getFirst(), "t");
        wants(NODES.getFirst(), "u");

        var first = decide(router, "t", Qos.AT_MOST_ONCE, 1);
        assertThat(first.nodes()).containsExactly(NODES.getFirst());
        assertThat(decide(router, "u", Qos.AT_MOST_ONCE, 2)).isSameAs(first);
        assertThat(decide(router, "nobody", Qos.AT_MOST_ONCE, 3)).isSameAs(Destinations.NONE);
    }

    private void wants(Place node, String filter) {
        var wanted = new OwnInterest(new InterestKey(node, 1));
        wanted.add(TopicFilter.of(filter), Reach.ZONE);
        table.add(node, wanted.deltaAfter(OwnInterest.FIRST_VERSION).added());
    }

    @Test
    void membersOfASharedSubscriptionTakeTurns() {
        for (var node : NODES) {
            var own = new OwnInterest(new InterestKey(node, 1));
            own.join(TopicFilter.of("$share/g/t"), true);
            table.add(node, own.deltaAfter(OwnInterest.FIRST_VERSION).added());
        }
        view = MembershipView.of(
                1, NODES.stream().map(node -> new Member(node, 1, "", "", "")).toList());

        var served = LongStream.range(0, 100)
                .mapToObj(
                        spread -> decide(router, "t", Qos.AT_MOST_ONCE, spread).nodes())
                .distinct();

        assertThat(served).hasSize(NODES.size());
    }

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void amongChangesOfAllKindsItIsTheDecisionOfARouterThatKnowsNothing(long seed) {
        var random = new Random(seed);
        var changes = new Changes(random);
        for (var step = 0; step < 1_500; step++) {
            if (random.nextInt(4) == 0) {
                changes.one();
            }
            var topic = topic(random);
            var qos = Qos.of(random.nextInt(3));
            var spread = random.nextInt(8);
            assertThat(decide(router, topic, qos, spread))
                    .as("step %d: %s with %s", step, topic, qos)
                    .isEqualTo(decide(router(), topic, qos, spread));
        }
    }

    private static Destinations decide(Router by, String topic, Qos qos, long spread) {
        return by.decide(topic, qos, Router.Arrival.PUBLISHED_HERE, List.of(), spread);
    }

    private static String topic(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "region/eu/alarm";
            case 1 -> "device/us/b/7/temperature";
            default -> "t/" + random.nextInt(4);
        };
    }

    private static TopicFilter filter(Random random) {
        return TopicFilter.of(
                switch (random.nextInt(4)) {
                    case 0 -> "t/#";
                    case 1 -> "+/" + random.nextInt(4);
                    default -> topic(random);
                });
    }

    /** Changes of whatever a decision depends on. */
    private final class Changes {

        private final Random random;
        private final List<InterestSink> sinks = new ArrayList<>();
        private int boot = 1;

        Changes(Random random) {
            this.random = random;
            for (var node : NODES) {
                sinks.add(new InterestSink(table, node));
            }
        }

        void one() {
            var node = random.nextInt(NODES.size());
            switch (random.nextInt(8)) {
                case 0 -> view = someView();
                case 1 -> crossing = crossing.isOpen() ? LISTED : CrossRegion.OPEN;
                case 2 -> hearDigest(BESIDE.get(random.nextInt(BESIDE.size())));
                case 3 -> table.removeHolder(NODES.get(node));
                case 4 -> connectOrNot(sinks.get(node), NODES.get(node));
                default -> wantOrNot(NODES.get(node));
            }
        }

        private MembershipView someView() {
            var members = new ArrayList<Member>();
            members.add(new Member(SELF, 1, "", "", ""));
            for (var place : NODES) {
                if (random.nextBoolean()) {
                    members.add(new Member(place, 1, "", "", "").withStarting(random.nextBoolean()));
                }
            }
            BESIDE.forEach(place -> members.add(new Member(place, 1, "", "", "")));
            return MembershipView.of(++boot, members);
        }

        private void hearDigest(Place origin) {
            var digest = new OwnDigest(origin, ++boot, () -> LongStream.empty().iterator());
            var reach = origin.level() == Place.Level.ZONE ? Reach.REGION : Reach.GLOBAL;
            var own = new OwnInterest(new InterestKey(origin, 1));
            own.add(filter(random), reach);
            new InterestTable(reach, digest)
                    .add(origin, own.deltaAfter(OwnInterest.FIRST_VERSION).added());
            var snapshot = digest.snapshot().orElseThrow();
            for (var chunk = 0; chunk < snapshot.chunks(); chunk++) {
                exchange.onFrame(origin, new Frame.DigestPart(origin, snapshot.chunk(chunk)), 0);
            }
        }

        private void connectOrNot(InterestSink sink, Place node) {
            if (sink.isCurrent()) {
                sink.onDisconnected();
                return;
            }
            var own = new OwnInterest(new InterestKey(node, 1));
            own.add(filter(random), Reach.ZONE);
            sink.onConnected();
            sink.onSnapshot(
                    new Frame.InterestSnapshot(
                            own.key(),
                            own.version(),
                            0,
                            true,
                            own.deltaAfter(OwnInterest.FIRST_VERSION).added()),
                    _ -> {});
        }

        private void wantOrNot(Place node) {
            var own = new OwnInterest(new InterestKey(node, 1));
            var filter = filter(random);
            if (random.nextInt(4) == 0) {
                own.join(TopicFilter.of("$share/g/" + filter.text()), random.nextBoolean());
            } else {
                own.add(filter, Reach.ZONE);
            }
            var entries = own.deltaAfter(OwnInterest.FIRST_VERSION).added();
            if (random.nextBoolean()) {
                table.add(node, entries);
            } else {
                table.remove(node, entries);
            }
        }
    }
}
