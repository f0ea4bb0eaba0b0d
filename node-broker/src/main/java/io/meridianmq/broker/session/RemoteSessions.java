package io.meridianmq.broker.session;

import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.remote.LoopStreams;
import io.meridianmq.broker.remote.Passage;
import io.meridianmq.broker.remote.Passages;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.CloseReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The connections of one loop whose sessions are at other nodes, and the sessions of the loop that pass their messages to
 * other nodes. Each has a number, from which every thread knows the loop.
 *
 * <p>Belongs to the loop.
 */
public final class RemoteSessions {

    private static final long TRY_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final Loop loop;
    private final LongSupplier nanoClock;
    private final int loopCount;
    private final Incarnation self;
    private final Passages passages;
    private final LoopStreams streams;
    private final RemoteMetrics metrics;
    private final Map<Long, RemoteEnd> ends = new HashMap<>();
    /** Those of {@link #ends} that pass messages on: few, unlike the others. */
    private final Set<Bequest> passing = new LinkedHashSet<>();

    private final Queue<Attempt> bequests = new ArrayDeque<>();
    private long connections;

    /** A session that is to pass its messages on, in the order of the times, since all wait equally long. */
    private record Attempt(
            SessionTable table, String clientId, ConnectionNumber number, Incarnation heir, long notBeforeNanos) {}

    /** What the connections of all loops share. */
    record Shared(int loopCount, Incarnation self, Passages passages, RemoteMetrics metrics, LongSupplier nanoClock) {}

    RemoteSessions(Loop loop, LoopStreams streams, Shared shared) {
        this.loop = loop;
        this.nanoClock = shared.nanoClock();
        this.loopCount = shared.loopCount();
        this.self = shared.self();
        this.passages = shared.passages();
        this.streams = streams;
        this.metrics = shared.metrics();
    }

    /** The loop that has the connection of this number. Any thread. */
    static int loopOf(long connection, int loopCount) {
        return Math.floorMod(connection, loopCount);
    }

    boolean isElsewhere(Incarnation home) {
        return !home.equals(self);
    }

    SessionProxy open(Incarnation home, ClientPort connection, SessionRequest request) {
        var session = new RemoteSession(this, passages.to(home), nextConnection(), connection);
        ends.put(session.connection(), session);
        metrics.sessionsElsewhere.incrementAndGet();
        session.attach(request);
        return session;
    }

    private long nextConnection() {
        connections++;
        return connections * loopCount + loop.index();
    }

    /** Passes what waits in a session of this loop to the client's session at another node, and ends it then. */
    void bequeath(SessionTable table, String clientId, ConnectionNumber number, Incarnation heir) {
        var bequest = new Bequest(this, passages.to(heir), nextConnection(), table, clientId, number);
        ends.put(bequest.connection(), bequest);
        passing.add(bequest);
        if (!bequest.begin()) {
            remove(bequest);
        }
    }

    void bequeathLater(SessionTable table, String clientId, ConnectionNumber number, Incarnation heir) {
        bequests.add(new Attempt(table, clientId, number, heir, nanoClock.getAsLong() + TRY_AGAIN_NANOS));
    }

    /** Goes on with what waits; to be called a few times a second. */
    public void tick() {
        var nowNanos = nanoClock.getAsLong();
        for (var next = bequests.peek(); next != null && nowNanos - next.notBeforeNanos >= 0; next = bequests.peek()) {
            bequests.remove();
            bequeath(next.table, next.clientId, next.number, next.heir);
        }
        List.copyOf(passing).forEach(Bequest::look);
    }

    /** Something came for one of them; one that is not there any more has no use for it. */
    void arrived(StreamItem item) {
        var end = ends.get(item.connection());
        if (end != null) {
            end.arrived(item.body());
        }
    }

    /** The stream to another node has ended. */
    void ended(Passage way) {
        List.copyOf(ends.values()).stream()
                .filter(end -> end.goesBy(way))
                .forEach(end -> end.end(CloseReason.USE_ANOTHER_SERVER));
    }

    /** Closes all connections. */
    public void closeAll(CloseReason reason) {
        List.copyOf(ends.values()).forEach(end -> end.end(reason));
    }

    void remove(RemoteEnd end) {
        if (ends.remove(end.connection()) == null) {
            return;
        }
        switch (end) {
            case RemoteSession _ -> metrics.sessionsElsewhere.decrementAndGet();
            case Bequest bequest -> passing.remove(bequest);
        }
    }

    Passage wayTo(Incarnation home) {
        return passages.to(home);
    }

    LoopStreams streams() {
        return streams;
    }

    RemoteMetrics metrics() {
        return metrics;
    }
}
