package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.Connection;
import io.meridianmq.cli.bench.wire.ConnectionListener;
import io.meridianmq.cli.bench.wire.Stamp;
import java.util.BitSet;

/**
 * Looks up all retained messages with one wildcard subscription, again and again, and checks that each comes once, with the
 * newest value. A look-up that gets nothing for a while is given up: what it has not got is lost. Belongs to its worker's
 * loop.
 */
final class Looker implements ConnectionListener {

    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final int PACKET_IDENTIFIER = 1;

    private final Worker worker;
    private final Parameters parameters;
    private final String clientId;
    private final String filter;
    private final long generation;
    private final Connection connection;
    private final BitSet seen = new BitSet();
    private boolean isRunning;
    private boolean isSubscribed;
    private boolean isWhole;
    private int missing;
    private long askedNanos;
    private long heardNanos;
    private long lookups;
    private long lost;
    private long stale;

    /** @param generation of the newest values */
    Looker(Worker worker, Parameters parameters, int number, String filter, long generation) {
        this.worker = worker;
        this.parameters = parameters;
        this.clientId = parameters.clientId('s', number);
        this.filter = filter;
        this.generation = generation;
        this.connection = new Connection(worker.loop(), parameters.login(clientId, Visitor.KEEP_ALIVE_SECONDS), this);
    }

    Worker worker() {
        return worker;
    }

    Connection connection() {
        return connection;
    }

    /** Whole look-ups so far. */
    long lookups() {
        return lookups;
    }

    /** Messages that have not come. */
    long lost() {
        return lost;
    }

    /** Messages that came with an older value. */
    long stale() {
        return stale;
    }

    /** Whether it does nothing, since it was stopped. */
    boolean isIdle() {
        return !isRunning && !isSubscribed;
    }

    void start() {
        isRunning = true;
        lookUp();
    }

    /** The look-up that goes on is the last. */
    void stop() {
        isRunning = false;
    }

    private void lookUp() {
        if (!isRunning) {
            isSubscribed = false;
            return;
        }
        isSubscribed = true;
        isWhole = false;
        seen.clear();
        missing = parameters.topics();
        askedNanos = System.nanoTime();
        heardNanos = askedNanos;
        connection.subscribe(PACKET_IDENTIFIER, filter, parameters.qos());
    }

    /** To be called some times a second. */
    void tick(long nowNanos) {
        if (isSubscribed && !isWhole && nowNanos - heardNanos > PATIENCE_NANOS) {
            lost += missing;
            endLookUp();
        }
    }

    private void endLookUp() {
        isWhole = true;
        connection.unsubscribe(PACKET_IDENTIFIER, filter);
    }

    @Override
    public void onMessage(boolean isRetained, long origin, long dueNanos) {
        var topic = Stamp.publisher(origin);
        heardNanos = worker.loop().nowNanos();
        if (!isRetained || topic >= parameters.topics()) {
            return;
        }
        if (seen.get(topic)) {
            worker.onRepeated();
            return;
        }
        seen.set(topic);
        missing--;
        if (Stamp.sequence(origin) != generation) {
            stale++;
        }
        worker.onReceived(heardNanos - askedNanos);
        if (missing == 0) {
            lookups++;
            endLookUp();
        }
    }

    @Override
    public void onUnsubscribed() {
        lookUp();
    }

    @Override
    public void onConnected(int receiveMaximum) {
        worker.opener().onOpen();
    }

    @Override
    public void onSubscribed() {
        // What is retained comes before or after it.
    }

    @Override
    public void onBroken(String reason) {
        isRunning = false;
        isSubscribed = false;
        worker.onBroken(clientId, reason);
        worker.opener().onBroken(clientId + ": " + reason);
    }

    @Override
    public void onAcknowledged() {
        throw new IllegalStateException("an acknowledgement to a client that has published nothing");
    }
}
