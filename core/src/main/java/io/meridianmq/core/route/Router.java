package io.meridianmq.core.route;

import io.meridianmq.core.digest.HeldDigest;
import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.interest.Holder;
import io.meridianmq.core.interest.InterestMatches;
import io.meridianmq.core.interest.InterestReader;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.digest.DigestMatch;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import io.meridianmq.topic.TopicHashes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The routing decision: topic, interest, digests and address rules in, destinations with their reasons out.
 *
 * <p>One function for every component and every way a publication can arrive, and for {@code explain}. It consults exact
 * interest for what is below the component (below its zone, for a node), and digests for what is beside it, each only as
 * far as the arrival allows:
 *
 * <table>
 *   <caption>What is consulted</caption>
 *   <tr><th>arrival</th><th>nodes of the zone</th><th>other zones of the region</th><th>other regions</th></tr>
 *   <tr><td>published here</td><td>yes</td><td>yes</td><td>yes</td></tr>
 *   <tr><td>landed here from another region</td><td>yes</td><td>yes</td><td>no</td></tr>
 *   <tr><td>landed here from another zone</td><td>yes</td><td>no</td><td>no</td></tr>
 *   <tr><td>at a gateway</td><td colspan="3">only what is below it</td></tr>
 * </table>
 *
 * <p>What is published here goes to another region only if what is set for the platform lets it ({@link CrossRegion}).
 *
 * <p>A publication that came from the side or from above thus never goes back there (split horizon).
 *
 * <p>Make one for each thread that routes: it keeps buffers. The tables it reads have one writer and any number of readers.
 */
public final class Router {

    /** How a publication came to the component that decides. */
    public enum Arrival {
        PUBLISHED_HERE,
        FROM_ANOTHER_ZONE,
        FROM_ANOTHER_REGION
    }

    private final Place self;
    private final Place parent;
    private final AddressRules rules;
    private final HeldDigests digests;
    private final Supplier<MembershipView> view;
    private final Supplier<CrossRegion> crossRegion;
    private final InterestTable table;
    private final InterestReader reader;
    private final TopicHashes hashes = new TopicHashes();
    private final KnownDecisions known = new KnownDecisions();
    private final Destinations.Collector collector = new Destinations.Collector();

    /** Grows when anything is seen to have changed that decisions depend on; before the first one there is nothing known. */
    private long epoch;

    // What the epoch is of.
    private long seenChanges;
    private MembershipView seenView = MembershipView.EMPTY;
    private CrossRegion seenCrossing = CrossRegion.OPEN;

    // State of the look-up under way, for the callbacks of the reader.
    private RouteSink sink = Destinations.Collector.NOWHERE;

    private CrossRegion crossing = CrossRegion.OPEN;

    /** Whether shared subscriptions matched, whose members take turns. */
    private boolean hasGroups;

    private final Map<TopicFilter, GroupChoice> groups =
            new TreeMap<>((a, b) -> a.text().compareTo(b.text()));

    /** One that lets everything go to other regions: where nothing is published, there is nothing to hold back. */
    public Router(
            Place self, AddressRules rules, InterestTable table, HeldDigests digests, Supplier<MembershipView> view) {
        this(self, rules, table, digests, view, () -> CrossRegion.OPEN);
    }

    /**
     * @param self the component that decides
     * @param table exact interest of what is below {@code self}, or of the other nodes of a node's zone
     * @param digests summaries of what is beside
     * @param view who is alive
     * @param crossRegion what may go to other regions
     */
    public Router(
            Place self,
            AddressRules rules,
            InterestTable table,
            HeldDigests digests,
            Supplier<MembershipView> view,
            Supplier<CrossRegion> crossRegion) {
        this.self = self;
        this.parent = self.level() == Place.Level.NODE ? self.inZone() : self;
        this.rules = rules;
        this.table = table;
        this.digests = digests;
        this.view = view;
        this.crossRegion = crossRegion;
        this.reader = new InterestReader(table, new Matches());
    }

    /**
     * The decision as a value. Not for explaining: reasons are dropped. Parameters as in {@link #route}. For one message after
     * the other that is published here to one topic, it is decided once, until anything changes.
     */
    public Destinations decide(String topic, Qos qos, Arrival arrival, List<GroupGrant> granted, long spread) {
        if (arrival != Arrival.PUBLISHED_HERE) {
            return decideAnew(topic, qos, arrival, granted, spread);
        }
        var isAwaited = qos != Qos.AT_MOST_ONCE;
        var now = epoch(); // Before the look-up: a change meanwhile makes the next message look again.
        var before = known.find(topic, isAwaited, now);
        if (before != null) {
            return before;
        }
        var decision = decideAnew(topic, qos, arrival, granted, spread);
        if (!hasGroups) {
            known.add(topic, isAwaited, now, decision);
        }
        return decision;
    }

    private Destinations decideAnew(String topic, Qos qos, Arrival arrival, List<GroupGrant> granted, long spread) {
        collector.begin();
        route(topic, qos, arrival, granted, spread, collector);
        return collector.decision();
    }

    /** Of all that decisions depend on, as it is now. */
    @SuppressWarnings("ReferenceEquality") // These are other objects after each change.
    private long epoch() {
        var changes = table.changes() + digests.changes();
        var viewNow = view.get();
        var crossingNow = crossRegion.get();
        if (epoch == 0 || changes != seenChanges || viewNow != seenView || crossingNow != seenCrossing) {
            epoch++;
            seenChanges = changes;
            seenView = viewNow;
            seenCrossing = crossingNow;
        }
        return epoch;
    }

    /**
     * Where a publication goes that an ended member of a shared subscription has left behind: to another member.
     *
     * @param granted the shared subscription; whichever place it is granted to
     */
    public Destinations decideGranted(String topic, Arrival arrival, List<GroupGrant> granted, long spread) {
        collector.begin();
        this.sink = collector;
        this.crossing = crossRegion.get();
        hashes.of(topic);
        chooseGroups(arrival, granted, true, spread);
        this.sink = Destinations.Collector.NOWHERE;
        return collector.decision();
    }

    /**
     * Decides where a publication goes.
     *
     * @param topic a valid topic name
     * @param qos at least once or more also goes to nodes whose interest is not known at the moment
     * @param granted what the frame allows to serve of shared subscriptions; not used for what is published here, since
     *     then this decision is the one that grants
     * @param spread differs from publication to publication, so that members of shared subscriptions take turns
     */
    public void route(String topic, Qos qos, Arrival arrival, List<GroupGrant> granted, long spread, RouteSink sink) {
        this.sink = sink;
        this.crossing = crossRegion.get();
        hashes.of(topic);
        reader.match(hashes);
        if (qos != Qos.AT_MOST_ONCE) {
            toThoseNotCurrent();
        }
        addressed(topic, arrival);
        var beside = digests.held();
        for (var i = 0; i < beside.size(); i++) { // An iterator would be an object for each message.
            if (reaches(beside.get(i).origin(), arrival)) {
                summarised(beside.get(i));
            }
        }
        chooseGroups(arrival, granted, arrival != Arrival.PUBLISHED_HERE, spread);
        this.sink = Destinations.Collector.NOWHERE;
    }

    private void summarised(HeldDigest held) {
        if (!held.digest().mightMatch(hashes)) {
            return;
        }
        var origin = held.origin();
        if (!sink.wantsDetails()) {
            toBeside(origin, RouteSink.Reason.WILDCARD, "");
            return;
        }
        for (var match : held.digest().explain(hashes)) {
            switch (match) {
                case DigestMatch.Literal literal -> toBeside(origin, RouteSink.Reason.LITERAL, "");
                case DigestMatch.Wildcard wildcard ->
                    toBeside(
                            origin, RouteSink.Reason.WILDCARD, wildcard.filter().text());
                case DigestMatch.Overflow overflow -> toBeside(origin, RouteSink.Reason.OVERFLOW, overflow.prefix());
            }
        }
    }

    /** A zone or region beside this component is a destination, unless it is a region that the publication may not go to. */
    private void toBeside(Place place, RouteSink.Reason reason, String detail) {
        var verdict = verdict(place);
        if (verdict == CrossRegion.Verdict.ALLOWED) {
            sink.to(place, reason, detail);
        } else {
            sink.blocked(place, reason, detail, verdict);
        }
    }

    /** Whether the publication may go to a place beside this component. */
    private CrossRegion.Verdict verdict(Place beside) {
        return crossing.isOpen() || beside.level() != Place.Level.REGION
                ? CrossRegion.Verdict.ALLOWED
                : crossing.ask(hashes.topic(), self.inRegion(), beside);
    }

    /** Nobody waits for a node that starts and has yet to be linked: it accepts clients when it knows of everybody. */
    private void toThoseNotCurrent() {
        var current = table.currentHolders();
        var members = view.get();
        members.below(parent).forEach(place -> {
            if (!place.equals(self) && !current.contains(place) && !isMerelyStarting(place, members)) {
                sink.to(place, RouteSink.Reason.NOT_CURRENT, place.toString());
            }
        });
    }

    private boolean isMerelyStarting(Place place, MembershipView members) {
        return members.member(place).filter(Member::starting).isPresent()
                && !table.knownHolders().contains(place);
    }

    private void addressed(String topic, Arrival arrival) {
        var home = rules.addressOf(topic);
        switch (home.level()) {
            case GLOBAL, NODE -> {}
            case REGION -> addressedRegion(home, arrival);
            case ZONE -> {
                if (!home.inRegion().equals(self.inRegion())) {
                    addressedRegion(home.inRegion(), arrival);
                } else if (self.level() == Place.Level.REGION
                        ? view.get().contains(home)
                        : !home.equals(parent)
                                && reaches(home, arrival)
                                && view.get().contains(home)) {
                    sink.to(home, RouteSink.Reason.ADDRESSED, home.toString());
                }
            }
        }
    }

    private void addressedRegion(Place region, Arrival arrival) {
        if (!region.equals(self.inRegion()) && reaches(region, arrival) && digests.holds(region)) {
            toBeside(region, RouteSink.Reason.ADDRESSED, region.toString());
        }
    }

    /** Whether a publication that arrived like this may go to a place beside this component. */
    private boolean reaches(Place beside, Arrival arrival) {
        if (self.level() != Place.Level.NODE) {
            return false;
        }
        return switch (arrival) {
            case PUBLISHED_HERE -> true;
            case FROM_ANOTHER_REGION -> beside.inRegion().equals(self.inRegion());
            case FROM_ANOTHER_ZONE -> false;
        };
    }

    private void chooseGroups(Arrival arrival, List<GroupGrant> granted, boolean onlyGranted, long spread) {
        hasGroups = false;
        if (onlyGranted && granted.isEmpty()) {
            return;
        }
        reader.matchGroups(hashes);
        var beside = digests.held();
        for (var i = 0; i < beside.size(); i++) {
            var held = beside.get(i);
            if (reaches(held.origin(), arrival)) {
                var verdict = verdict(held.origin());
                held.digest().matchGroups(hashes, group -> {
                    var choice = candidates(group.filter());
                    if (verdict == CrossRegion.Verdict.ALLOWED) {
                        choice.far(held.origin(), group.hasOnline());
                    } else {
                        choice.blocked(held.origin(), verdict);
                    }
                });
            }
        }
        if (onlyGranted) {
            groups.keySet().removeIf(group -> !isGranted(group, granted));
        }
        hasGroups = !groups.isEmpty();
        if (!hasGroups) {
            return;
        }
        groups.forEach((group, choice) -> choice.choose(TopicHash.ofLiteral(group.text()), spread)
                .ifPresentOrElse(
                        place -> {
                            if (!place.equals(self)) {
                                sink.to(place, RouteSink.Reason.GROUP, group.text());
                            }
                            sink.grant(place, group.group().orElseThrow(), group.filter());
                        },
                        () -> choice.reportBlocked(group, sink)));
        groups.clear();
    }

    private static boolean isGranted(TopicFilter group, List<GroupGrant> granted) {
        for (var grant : granted) {
            if (grant.filter().equals(group.filter())
                    && grant.group().equals(group.group().orElseThrow())) {
                return true;
            }
        }
        return false;
    }

    private GroupChoice candidates(TopicFilter group) {
        return groups.computeIfAbsent(group, _ -> new GroupChoice());
    }

    /** What the exact table found. */
    private final class Matches implements InterestMatches {

        @Override
        public void literal(Holder holder) {
            if (!holder.place().equals(self)) {
                sink.to(holder.place(), RouteSink.Reason.LITERAL, "");
            }
        }

        @Override
        public void prefix(Holder holder, TopicFilter.Shape shape, int levels) {
            if (!holder.place().equals(self)) {
                sink.to(
                        holder.place(),
                        RouteSink.Reason.WILDCARD,
                        sink.wantsDetails() ? filterText(shape, levels) : "");
            }
        }

        @Override
        public void wildcard(Holder holder, TopicFilter filter) {
            if (!holder.place().equals(self)) {
                sink.to(holder.place(), RouteSink.Reason.WILDCARD, filter.text());
            }
        }

        @Override
        public void group(String group, TopicFilter filter, Holder holder, boolean online) {
            if (!holder.place().equals(self) && !view.get().contains(holder.place())) {
                return; // It is away: another member gets the message.
            }
            candidates(TopicFilter.of("$share/" + group + "/" + filter.filter()))
                    .near(holder.place(), online);
        }

        /** The filter that was announced as a key only, from the topic that matches it. */
        private String filterText(TopicFilter.Shape shape, int levels) {
            var end = 0;
            for (var i = 0; i < levels; i++) {
                var slash = hashes.topic().indexOf('/', i == 0 ? 0 : end + 1);
                end = slash < 0 ? hashes.topic().length() : slash;
            }
            var prefix = levels == 0 ? "" : hashes.topic().substring(0, end) + "/";
            return prefix + (shape == TopicFilter.Shape.PREFIX_HASH ? "#" : "+");
        }
    }
}
