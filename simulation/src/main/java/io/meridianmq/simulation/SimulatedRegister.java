package io.meridianmq.simulation;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.RegisterState;
import io.meridianmq.core.slot.SlotProposal;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * What etcd does for one zone: members under leases, a leader, and a slot table that is written by comparing; watched by
 * everybody with delays of their own. It can be away for all, or for one node.
 */
final class SimulatedRegister {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    static final long LEASE_NANOS = 6 * SECOND;
    private static final long RENEW_NANOS = 2 * SECOND;
    /** After an absence of so long a client takes it that leases may have ended. */
    private static final long OUTAGE_NANOS = LEASE_NANOS / 2;

    private static final long NOTICED_NANOS = 2 * SECOND;
    private static final long RETRY_NANOS = SECOND / 10;

    /** One process's way to the register. What it is told may wait there while it is paused. */
    interface Client {

        Incarnation self();

        boolean isRunning();

        /** Whether it neither renews nor asks at the moment. */
        boolean isPaused();

        void onView(MembershipView view);

        void onTable(SlotTable table);

        void onLeader(Optional<Incarnation> leader);

        void onState(RegisterState state);

        void onProposed(boolean written);

        void onConfirmed(long question);
    }

    /** Told of every table when it is written. */
    interface Auditor {
        void written(SlotTable before, SlotTable after, Incarnation by);
    }

    private final Schedule schedule;
    private final Random random;
    private final boolean compares;
    private final Auditor auditor;

    private final Map<Place, Connection> connections = new TreeMap<>();
    private final TreeMap<Place, Member> members = new TreeMap<>();
    private final Map<Place, Long> renewedNanos = new HashMap<>();
    private final Map<Place, Long> listedSinceNanos = new HashMap<>();
    private Optional<Incarnation> leader = Optional.empty();
    private SlotTable table = SlotTable.EMPTY;
    private long revision = 1;
    private boolean away;

    /** @param compares whether it refuses tables that do not fit, as it should */
    SimulatedRegister(Schedule schedule, Random random, boolean compares, Auditor auditor) {
        this.schedule = schedule;
        this.random = random;
        this.compares = compares;
        this.auditor = auditor;
        schedule.after(RENEW_NANOS / 4, this::tick);
    }

    // ---- What clients do

    /** A process starts, or starts anew. */
    void connect(Client client) {
        connections.put(client.self().place(), new Connection(client));
    }

    void setDraining(Place place, boolean draining) {
        Optional.ofNullable(members.get(place))
                .filter(member -> member.draining() != draining)
                .ifPresent(member -> {
                    members.put(place, member.withDraining(draining));
                    membersChanged();
                });
    }

    void propose(Client client, SlotProposal proposal) {
        connection(client).ifPresent(connection -> connection.propose(proposal));
    }

    void confirm(Client client, long question) {
        connection(client)
                .ifPresent(connection -> schedule.after(delayNanos(), () -> {
                    if (connection.open) {
                        var read = table;
                        connection.tell(() -> client.onTable(read));
                        connection.tell(() -> client.onConfirmed(question));
                    }
                }));
    }

    // ---- What happens to it

    void goAway(long nanos) {
        if (away) {
            return;
        }
        away = true;
        schedule.after(nanos, () -> {
            away = false;
            // Its clock stood still for the leases.
            renewedNanos.replaceAll((place, at) -> schedule.nowNanos());
        });
    }

    void cutOff(Place place, long nanos) {
        var connection = connections.get(place);
        if (connection != null) {
            connection.cutUntilNanos = schedule.nowNanos() + nanos;
        }
    }

    void heal() {
        away = false;
        connections.values().forEach(connection -> connection.cutUntilNanos = 0);
    }

    // ---- What it knows

    SlotTable table() {
        return table;
    }

    Optional<Incarnation> leader() {
        return leader;
    }

    boolean lists(Incarnation who) {
        return Optional.ofNullable(members.get(who.place()))
                .filter(member -> member.incarnation().equals(who))
                .isPresent();
    }

    /** Whether it is listed and has been for so long that everybody knows. */
    boolean hasListed(Incarnation who, long nanos) {
        return lists(who) && schedule.nowNanos() - listedSinceNanos.getOrDefault(who.place(), 0L) >= nanos;
    }

    /** Whether a later start of the same place is listed. */
    boolean hasReplaced(Incarnation who) {
        return Optional.ofNullable(members.get(who.place()))
                .filter(member -> member.boot() > who.boot())
                .isPresent();
    }

    /** When a client was last told that the register was away for long; long ago if never. */
    long toldReturnedNanos(Incarnation who) {
        return Optional.ofNullable(connections.get(who.place()))
                .map(connection -> connection.toldReturnedNanos)
                .orElseThrow();
    }

    boolean isOpenFor(Place place) {
        return Optional.ofNullable(connections.get(place))
                .filter(connection -> connection.open && connection.isReachable())
                .isPresent();
    }

    private void tick() {
        for (var connection : connections.values()) {
            connection.tick();
        }
        if (!away) {
            endLeases();
            elect();
        }
        schedule.after(RENEW_NANOS / 8, this::tick);
    }

    private void endLeases() {
        var ended = members.keySet().stream()
                .filter(place -> schedule.nowNanos() - renewedNanos.getOrDefault(place, 0L) >= LEASE_NANOS)
                .toList();
        if (ended.isEmpty()) {
            return;
        }
        ended.forEach(members::remove);
        membersChanged();
        leader.filter(who -> !lists(who)).ifPresent(_ -> lead(Optional.empty()));
    }

    private void elect() {
        if (leader.isPresent()) {
            return;
        }
        var candidates = connections.values().stream()
                .filter(connection -> connection.open && lists(connection.client.self()) && connection.isActive())
                .toList();
        if (candidates.isEmpty()) {
            return;
        }
        var winner = candidates.get(random.nextInt(candidates.size()));
        leader = Optional.of(winner.client.self());
        // Who has won lists everything before it hears of it.
        winner.tellAll();
        connections.values().stream()
                .filter(connection -> !connection.equals(winner))
                .forEach(connection ->
                        connection.tell(() -> connection.client.onLeader(Optional.of(winner.client.self()))));
    }

    private void lead(Optional<Incarnation> who) {
        leader = who;
        connections.values().forEach(connection -> connection.tell(() -> connection.client.onLeader(who)));
    }

    private void register(Incarnation who) {
        members.put(who.place(), new Member(who.place(), who.boot(), "", "", ""));
        renewedNanos.put(who.place(), schedule.nowNanos());
        listedSinceNanos.put(who.place(), schedule.nowNanos());
        membersChanged();
        leader.filter(led -> !lists(led)).ifPresent(_ -> lead(Optional.empty()));
    }

    private void membersChanged() {
        revision++;
        var view = view();
        connections.values().forEach(connection -> connection.tell(() -> connection.client.onView(view)));
    }

    private MembershipView view() {
        return MembershipView.of(revision, members.values());
    }

    private boolean write(Incarnation by, SlotProposal proposal) {
        var fits = proposal.replaces() == table.version()
                && leader.filter(by::equals).isPresent();
        if (compares && !fits) {
            return false;
        }
        var before = table;
        table = proposal.next();
        auditor.written(before, table, by);
        var written = table;
        connections.values().forEach(connection -> connection.tell(() -> connection.client.onTable(written)));
        return true;
    }

    private Optional<Connection> connection(Client client) {
        return Optional.ofNullable(connections.get(client.self().place()))
                .filter(connection -> connection.client.equals(client));
    }

    /** Mostly a few milliseconds; now and then somebody lags behind by far. */
    private long delayNanos() {
        return random.nextInt(50) == 0 ? random.nextLong(3 * SECOND) : MILLI + random.nextLong(10 * MILLI);
    }

    /** One client's connection; what it is told arrives in order. */
    private final class Connection {

        private final Client client;
        private boolean open;
        private boolean wasOpen;
        private long cutUntilNanos;
        private long lastContactNanos = schedule.nowNanos();
        private long lastArrivalNanos;
        private final Deque<Runnable> inbox = new ArrayDeque<>();
        private long toldReturnedNanos = Long.MIN_VALUE / 2;

        /** Counts connections: what was under way on an earlier one is lost. */
        private long number;

        private Optional<SlotProposal> unanswered = Optional.empty();

        Connection(Client client) {
            this.client = client;
        }

        boolean isReachable() {
            return !away && schedule.nowNanos() >= cutUntilNanos;
        }

        boolean isActive() {
            return client.isRunning() && !client.isPaused() && isReachable();
        }

        void tick() {
            if (!client.isRunning() || client.isPaused()) {
                return;
            }
            if (!isReachable()) {
                if (open && schedule.nowNanos() - lastContactNanos >= NOTICED_NANOS) {
                    open = false;
                    number++;
                    inbox.clear();
                    client.onState(RegisterState.AWAY);
                    answer(false); // Nothing will come of it, unless it was written: the table tells.
                }
                return;
            }
            var outage = wasOpen && schedule.nowNanos() - lastContactNanos >= OUTAGE_NANOS;
            lastContactNanos = schedule.nowNanos();
            if (lists(client.self())) {
                renewedNanos.put(client.self().place(), schedule.nowNanos());
            } else if (!hasReplaced(client.self())) {
                register(client.self());
            }
            if (!open || outage) {
                open = true;
                wasOpen = true;
                number++;
                inbox.clear();
                lastArrivalNanos = 0;
                tellAll();
                tell(() -> answer(false));
                var state = outage ? RegisterState.RETURNED : RegisterState.THERE;
                tell(() -> {
                    if (state == RegisterState.RETURNED) {
                        toldReturnedNanos = schedule.nowNanos();
                    }
                    client.onState(state);
                });
            }
        }

        void tellAll() {
            var view = view();
            var tableNow = table;
            var leaderNow = leader;
            tell(() -> client.onView(view));
            tell(() -> client.onTable(tableNow));
            tell(() -> client.onLeader(leaderNow));
        }

        void tell(Runnable news) {
            if (!open) {
                return;
            }
            var arrival = Math.max(schedule.nowNanos() + delayNanos(), lastArrivalNanos);
            lastArrivalNanos = arrival;
            inbox.add(news);
            var connection = number;
            schedule.at(arrival, () -> takeNext(connection));
        }

        /** What arrives while the way is cut waits, unless the connection is given up. */
        private void takeNext(long connection) {
            if (number != connection || !client.isRunning()) {
                return;
            }
            if (isReachable()) {
                inbox.remove().run();
            } else {
                schedule.after(RETRY_NANOS, () -> takeNext(connection));
            }
        }

        void propose(SlotProposal proposal) {
            if (!open) {
                client.onProposed(false);
                return;
            }
            unanswered = Optional.of(proposal);
            var connection = number;
            schedule.after(delayNanos(), () -> arrive(proposal, connection));
        }

        private void arrive(SlotProposal proposal, long connection) {
            if (number != connection) {
                return; // It was answered when the connection was given up.
            }
            if (isReachable()) {
                var written = write(client.self(), proposal);
                var tableNow = table;
                tell(() -> client.onTable(tableNow));
                tell(() -> answer(written));
            } else {
                schedule.after(RETRY_NANOS, () -> arrive(proposal, connection));
            }
        }

        private void answer(boolean written) {
            if (unanswered.isPresent()) {
                unanswered = Optional.empty();
                client.onProposed(written);
            }
        }
    }
}
