package io.meridianmq.broker.limit;

/**
 * Whether the node is on its way out of service, and how fast those who are connected are asked to leave. Times are
 * readings of {@link System#nanoTime}. Any thread may call.
 */
public final class Drain {

    private static final double NANOS_PER_SECOND = 1e9;

    /** Read for every CONNECT, so outside of the lock. */
    private volatile boolean draining;

    private long askFromNanos;
    private int clientsPerSecond;

    /** When what is left was last counted, and how many clients it allows to ask. */
    private long countedNanos;

    private double allowance;

    /**
     * Takes the node out of service, or changes the pace at which that happens; a delay that is under way only becomes
     * shorter.
     *
     * @param delayNanos from now until the first client is asked to leave
     */
    public synchronized void start(long delayNanos, int clientsPerSecond, long nowNanos) {
        var askFrom = nowNanos + delayNanos;
        if (!draining || askFrom - askFromNanos < 0) {
            askFromNanos = askFrom;
            countedNanos = askFrom;
            allowance = 0;
        }
        this.clientsPerSecond = clientsPerSecond;
        draining = true;
    }

    /** Puts the node back in service. */
    public synchronized void resume() {
        draining = false;
    }

    /** Whether the node takes no new clients. */
    public boolean isDraining() {
        return draining;
    }

    /** How many of at most so many clients may be asked to leave now; they count as asked. */
    public synchronized int take(int most, long nowNanos) {
        if (!draining || nowNanos - askFromNanos < 0) {
            return 0;
        }
        // After a pause, no more than a second's worth at once.
        allowance =
                Math.min(clientsPerSecond, allowance + (nowNanos - countedNanos) / NANOS_PER_SECOND * clientsPerSecond);
        countedNanos = nowNanos;
        var taken = (int) Math.min(most, allowance);
        allowance -= taken;
        return taken;
    }
}
