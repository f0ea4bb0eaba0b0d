package io.meridianmq.broker.claim;

import io.meridianmq.broker.loop.Loop;
import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.claim.HomeSessions;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The claims as one loop sees them: what it asks goes to their thread as one batch per iteration of the loop. Belongs to
 * the loop, {@link #onLoop} aside.
 */
public final class LoopClaims {

    private static final Logger log = LoggerFactory.getLogger(LoopClaims.class);

    private final Loop loop;
    private final ClaimThread thread;
    private final Runnable handOver = this::handOver;
    private List<ClaimThread.Task> batch = new ArrayList<>();

    public LoopClaims(Loop loop, ClaimThread thread) {
        this.loop = loop;
        this.thread = thread;
    }

    /** A client wants to connect; {@code connection} is told the answer on the claims' thread. */
    public void open(
            String clientId,
            boolean cleanStart,
            long expirySeconds,
            Optional<Will> will,
            ClaimedConnection connection) {
        add((claims, nowNanos) -> claims.open(clientId, cleanStart, expirySeconds, will, connection, nowNanos));
    }

    /** A connection ended. */
    public void close(String clientId, ClaimedConnection connection, Ending ending, long expirySeconds) {
        add((claims, nowNanos) -> claims.close(clientId, connection, ending, expirySeconds, nowNanos));
    }

    /** A session of this node that outlives its connections has one; see {@link HomeSessions#connected}. */
    public void sessionConnected(
            String clientId, ConnectionNumber number, Incarnation front, long expirySeconds, Optional<Will> will) {
        add((claims, _) -> claims.homes().connected(clientId, number, front, expirySeconds, will));
    }

    /** It has lost its connection; see {@link HomeSessions#left}. */
    public void sessionLeft(String clientId, ConnectionNumber number, long expirySeconds, boolean keepsWill) {
        add((claims, nowNanos) -> claims.homes().left(clientId, number, expirySeconds, keepsWill, nowNanos));
    }

    /** It is over; see {@link HomeSessions#ended}. */
    public void sessionEnded(String clientId, ConnectionNumber number) {
        add((claims, _) -> claims.homes().ended(clientId, number));
    }

    /** Runs a task on the loop, with the next batch of the claims' thread. For that thread. */
    public void onLoop(Runnable task) {
        thread.toLoops().add(loop, task, 0);
    }

    /** Hands over at once what else is handed over at the end of the iteration. */
    public void flush() {
        handOver();
    }

    private void add(ClaimThread.Task task) {
        if (batch.isEmpty()) {
            loop.atEndOfIteration(handOver);
        }
        batch.add(task);
    }

    private void handOver() {
        if (batch.isEmpty()) {
            return;
        }
        var tasks = batch;
        batch = new ArrayList<>();
        try {
            thread.execute((claims, nowNanos) -> tasks.forEach(task -> task.run(claims, nowNanos)));
        } catch (RejectedExecutionException e) {
            log.debug("clients went after the end of the claims", e);
        }
    }
}
