package io.meridianmq.broker.session;

import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.remote.LoopStreams;
import io.meridianmq.broker.remote.Passage;
import io.meridianmq.broker.remote.Passages;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.CloseReason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections of one loop whose sessions are at other nodes. Each has a number, from which every thread knows the loop.
 *
 * <p>Belongs to the loop.
 */
public final class RemoteSessions {

    private final Loop loop;
    private final int loopCount;
    private final Incarnation self;
    private final Passages passages;
    private final LoopStreams streams;
    private final RemoteMetrics metrics;
    private final Map<Long, RemoteSession> sessions = new HashMap<>();
    private long connections;

    /** What the connections of all loops share. */
    record Shared(int loopCount, Incarnation self, Passages passages, RemoteMetrics metrics) {}

    RemoteSessions(Loop loop, LoopStreams streams, Shared shared) {
        this.loop = loop;
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
        connections++;
        var session = new RemoteSession(this, passages.to(home), connections * loopCount + loop.index(), connection);
        sessions.put(session.connection(), session);
        metrics.sessionsElsewhere.incrementAndGet();
        session.attach(request);
        return session;
    }

    /** Something came for the client of a connection; one that is not there any more has no use for it. */
    void arrived(StreamItem item) {
        var session = sessions.get(item.connection());
        if (session != null) {
            session.arrived(item.body());
        }
    }

    /** The stream to another node has ended. */
    void ended(Passage way) {
        List.copyOf(sessions.values()).stream()
                .filter(session -> session.goesBy(way))
                .forEach(session -> session.end(CloseReason.USE_ANOTHER_SERVER));
    }

    /** Closes all connections. */
    public void closeAll(CloseReason reason) {
        List.copyOf(sessions.values()).forEach(session -> session.end(reason));
    }

    void remove(RemoteSession session) {
        if (sessions.remove(session.connection()) != null) {
            metrics.sessionsElsewhere.decrementAndGet();
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
