package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.ClaimOutlet;
import io.meridianmq.core.claim.ClaimSettings;
import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotRoles;
import io.meridianmq.core.slot.SlotSettings;
import io.meridianmq.core.slot.SlotTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The nodes of one zone as far as claims go, joined by messages that arrive at once and in order, with a clock to set. The
 * same nodes own all slots, and are their standby, until the test says otherwise. Sessions that outlive their connections
 * are there as soon as they are granted, and survive a restart of their home if the test has it keep them.
 */
final class ClaimZone {

    static final String CLIENT = "client";

    private static final long MILLI = 1_000_000;
    private static final long STEP_MILLIS = 10;

    final SortedMap<Integer, Node> nodes = new TreeMap<>();
    final List<String> events = new ArrayList<>();
    /** Wills on the disks of homes, by client and connection. */
    final Map<String, Will> wills = new TreeMap<>();

    private final List<Connection> connections = new ArrayList<>();
    /** Whether a message between two nodes, by number, arrives. */
    BiPredicate<Integer, Integer> arrives = (_, _) -> true;

    private final ClaimSettings settings;
    private final HybridClock clock = new HybridClock();
    private final Queue<Runnable> underWay = new ArrayDeque<>();
    private long nowNanos = 1_000_000_000_000L;
    private long version;
    private long epoch;
    private long revision;
    private SlotTable table = SlotTable.EMPTY;

    ClaimZone(int nodeCount) {
        this(nodeCount, ClaimSettings.DEFAULT);
    }

    ClaimZone(int nodeCount, ClaimSettings settings) {
        this.settings = settings;
        for (var number = 1; number <= nodeCount; number++) {
            start(number, 1);
        }
        showView();
    }

    /** One node, which lives until it is killed. */
    final class Node implements ClaimOutlet {
        final int number;
        final Incarnation incarnation;
        final NodeClaims claims;
        final SlotRoles roles;
        /** Sessions that outlive their connections. */
        final SortedMap<String, HomeSession> sessions = new TreeMap<>();

        boolean refusesWills;

        Node(int number, long boot) {
            this.number = number;
            this.incarnation = ClaimZone.incarnation(number, boot);
            this.claims = new NodeClaims(incarnation, settings, this, this::send, this::isSuspended, nowNanos);
            this.roles = new SlotRoles(incarnation, SlotSettings.DEFAULT, List.of(claims));
        }

        private boolean isSuspended() {
            return roles.isSuspended();
        }

        private void send(Incarnation to, SlotMessage message) {
            var toNumber = Integer.parseInt(to.place().node());
            if (arrives.test(number, toNumber)) {
                underWay.add(() -> {
                    var receiver = nodes.get(toNumber);
                    if (receiver != null) {
                        receiver.claims.onMessages(incarnation, (SlotMessage.Claims) message, nowNanos);
                    }
                });
            }
        }

        Connection connect(String clientId, boolean cleanStart, long expirySeconds, Optional<Will> will) {
            var connection = new Connection(this, clientId, expirySeconds, will);
            connections.add(connection);
            claims.open(clientId, cleanStart, expirySeconds, will, connection, nowNanos);
            settle();
            return connection;
        }

        Connection connect(String clientId) {
            return connect(clientId, true, 0, Optional.empty());
        }

        @Override
        public long stamp() {
            return clock.next(nowNanos / MILLI);
        }

        @Override
        public void publishWill(DueWill will) {
            if (!refusesWills) {
                event(number + ": will of " + will.clientId() + " " + text(will.will()));
            }
            underWay.add(() -> claims.onWillPublished(will, !refusesWills, nowNanos));
        }

        @Override
        public void endSession(String clientId, ConnectionNumber beginsAnew, Optional<Incarnation> heir) {
            var session = sessions.get(clientId);
            if (session != null && session.number.compareTo(beginsAnew) < 0) {
                event(number + ": session of " + clientId
                        + heir.map(node -> " passes to " + node.place().node()).orElse(" ends"));
                end(clientId, session);
            }
        }

        @Override
        public void willDone(String clientId, ConnectionNumber connection) {
            wills.remove(clientId + connection);
        }

        /** Whether the session was there and goes on. */
        private boolean attach(Connection connection, ConnectionNumber connectionNumber, boolean continues) {
            var known = sessions.get(connection.clientId);
            if (known != null && known.number.compareTo(connectionNumber) > 0) {
                return false; // It came late.
            }
            var session = new HomeSession(connectionNumber, connection, connection.expirySeconds);
            sessions.put(connection.clientId, session);
            wills.keySet().removeIf(will -> will.startsWith(connection.clientId));
            connection.will.ifPresent(will -> wills.put(connection.clientId + connectionNumber, will));
            claims.homes()
                    .connected(
                            connection.clientId,
                            connectionNumber,
                            connection.node.incarnation,
                            connection.expirySeconds,
                            connection.will);
            return known != null && continues;
        }

        private void detach(Connection connection, Ending ending, long newExpirySeconds) {
            var session = sessions.get(connection.clientId);
            if (session == null || session.connection.isEmpty() || session.connection.get() != connection) {
                return;
            }
            if (newExpirySeconds == 0) {
                end(connection.clientId, session);
                return;
            }
            sessions.put(connection.clientId, new HomeSession(session.number, Optional.empty(), newExpirySeconds));
            claims.homes().left(connection.clientId, session.number, newExpirySeconds, ending == Ending.LOST, nowNanos);
        }

        private void end(String clientId, HomeSession session) {
            sessions.remove(clientId);
            claims.homes().ended(clientId, session.number);
        }

        /** Sessions whose time has passed. */
        private void expire() {
            for (var entry : List.copyOf(sessions.entrySet())) {
                claims.homes()
                        .record(entry.getKey(), nowNanos)
                        .filter(record ->
                                !record.isConnected() && record.awayMillis() >= record.expirySeconds() * 1_000)
                        .ifPresent(_ -> end(entry.getKey(), entry.getValue()));
            }
        }

        /** What it has on disk when it starts again. */
        private void restore(Node before) {
            before.sessions.forEach((clientId, session) -> {
                var kept = before.claims.homes().record(clientId, nowNanos).orElseThrow();
                sessions.put(clientId, new HomeSession(session.number, Optional.empty(), session.expirySeconds));
                claims.homes().restore(kept, nowNanos);
            });
        }
    }

    /** A session at its home. */
    record HomeSession(ConnectionNumber number, Optional<Connection> connection, long expirySeconds) {
        HomeSession(ConnectionNumber number, Connection connection, long expirySeconds) {
            this(number, Optional.of(connection), expirySeconds);
        }
    }

    /** One connection of a client. */
    final class Connection implements ClaimedConnection {
        final Node node;
        final String clientId;
        private final long expirySeconds;
        private final Optional<Will> will;
        private Optional<Incarnation> home = Optional.empty();
        boolean isOpen;
        boolean isOver;

        Connection(Node node, String clientId, long expirySeconds, Optional<Will> will) {
            this.node = node;
            this.clientId = clientId;
            this.expirySeconds = expirySeconds;
            this.will = will;
        }

        void close(Ending ending) {
            close(ending, expirySeconds);
        }

        void close(Ending ending, long newExpirySeconds) {
            isOpen = false;
            isOver = true;
            leave(ending, newExpirySeconds);
            node.claims.close(clientId, this, ending, newExpirySeconds, nowNanos);
            settle();
        }

        private void leave(Ending ending, long newExpirySeconds) {
            home.flatMap(ClaimZone.this::running).ifPresent(at -> at.detach(this, ending, newExpirySeconds));
        }

        @Override
        public void granted(ConnectionNumber number, boolean continues, Incarnation at) {
            isOpen = true;
            var isPresent = false;
            if (expirySeconds > 0 || continues) {
                home = Optional.of(at);
                isPresent = running(at)
                        .map(node -> node.attach(this, number, continues))
                        .orElse(false);
            }
            event(node.number + ": " + clientId + (isPresent ? " goes on" : " opens"));
        }

        @Override
        public void refused(Refusal reason) {
            isOver = true;
            event(node.number + ": " + clientId + " refused " + reason);
        }

        @Override
        public void expelled(Expulsion reason, boolean sessionEnds) {
            isOpen = false;
            isOver = true;
            leave(Ending.LOST, expirySeconds);
            event(node.number + ": " + clientId + " expelled " + reason + (sessionEnds ? ", session ends" : ""));
        }
    }

    static Incarnation incarnation(int number, long boot) {
        return new Incarnation(Place.node("r", "z", String.valueOf(number)), boot);
    }

    static Will will(String text, long delaySeconds) {
        return new Will(
                Qos.AT_LEAST_ONCE,
                false,
                delaySeconds,
                Will.NO_MESSAGE_EXPIRY,
                CanonicalBytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    static String text(Will will) {
        return StandardCharsets.UTF_8.decode(will.message().asByteBuffer()).toString();
    }

    Node node(int number) {
        return Optional.ofNullable(nodes.get(number)).orElseThrow();
    }

    Node start(int number, long boot) {
        return begin(new Node(number, boot));
    }

    private Node begin(Node node) {
        nodes.put(node.number, node);
        node.claims.announce(nowNanos);
        return node;
    }

    /** It starts again with what it had on disk. */
    Node restart(int number, long boot, Node before) {
        var node = new Node(number, boot);
        node.restore(before);
        return begin(node);
    }

    private Optional<Node> running(Incarnation incarnation) {
        return nodes.values().stream()
                .filter(node -> node.incarnation.equals(incarnation))
                .findFirst();
    }

    /** It is gone; nobody knows yet. */
    void kill(int number) {
        nodes.remove(number);
    }

    /** Everybody sees who is alive. */
    void showView() {
        showView(List.copyOf(nodes.keySet()));
    }

    void showView(List<Integer> listed) {
        revision++;
        var members = listed.stream()
                .map(number -> node(number).incarnation)
                .map(node -> new Member(node.place(), node.boot(), "", "", ""))
                .toList();
        nodes.values().forEach(node -> node.claims.onView(MembershipView.of(revision, members), nowNanos));
        for (var connection : List.copyOf(connections)) {
            if (connection.isOpen && !nodes.containsValue(connection.node)) {
                connection.isOpen = false;
                connection.leave(Ending.LOST, connection.expirySeconds); // Its home hears that the stream has ended.
            } else if (connection.isOpen
                    && connection.home.filter(home -> running(home).isEmpty()).isPresent()) {
                connection.close(Ending.LOST); // So does its front.
            }
        }
        connections.removeIf(connection -> connection.isOver);
        settle();
    }

    /** All slots have this owner from now on, in the next epoch. */
    void own(int owner) {
        epoch++;
        assign(owner, Optional.empty(), Optional.empty());
    }

    void own(int owner, int standby) {
        epoch++;
        assign(owner, Optional.of(standby), Optional.empty());
    }

    /** The same owner goes on, with other copies. */
    void assign(int owner, Optional<Integer> standby, Optional<Integer> joining) {
        version++;
        var slot = new Slot(
                Optional.of(node(owner).incarnation),
                standby.map(number -> node(number).incarnation),
                joining.map(number -> node(number).incarnation),
                epoch);
        table = new SlotTable(version, Collections.nCopies(SlotHash.COUNT, slot));
        nodes.values().forEach(node -> {
            node.roles.onTable(table, nowNanos);
            node.claims.onSlots(table, nowNanos);
        });
        settle();
    }

    SlotTable table() {
        return table;
    }

    /** One that has just started hears of the table that is in force. */
    void table(int number) {
        node(number).roles.onTable(table, nowNanos);
        node(number).claims.onSlots(table, nowNanos);
        settle();
    }

    long nowNanos() {
        return nowNanos;
    }

    /** Lets everything happen that happens at this moment. */
    void settle() {
        do {
            for (var message = underWay.poll(); message != null; message = underWay.poll()) {
                message.run();
            }
            nodes.values().forEach(node -> node.claims.flush(nowNanos));
        } while (!underWay.isEmpty());
    }

    /** Lets time pass. */
    void pass(double seconds) {
        var end = nowNanos + Math.round(seconds * 1_000 * MILLI);
        while (nowNanos < end) {
            nowNanos += STEP_MILLIS * MILLI;
            nodes.values().forEach(Node::expire);
            settle();
        }
    }

    /** What happened since the last call. */
    List<String> take() {
        var taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    private void event(String what) {
        events.add(what);
    }
}
