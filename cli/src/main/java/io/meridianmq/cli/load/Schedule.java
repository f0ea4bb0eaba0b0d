package io.meridianmq.cli.load;

/**
 * An open loop: when the messages of a steady rate are due, whatever became of those before. Times are on a grid of
 * milliseconds from the start, so that messages of one millisecond are due together. Belongs to one thread.
 */
final class Schedule {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final double perSecond;
    private final long startNanos;
    private long taken;

    /** @param perSecond 0 for never */
    Schedule(double perSecond, long startNanos) {
        this.perSecond = perSecond;
        this.startNanos = startNanos;
    }

    /** How many were taken so far; the number of the next one. */
    long taken() {
        return taken;
    }

    /** When the next one is due. */
    long nextNanos() {
        var millis = (long) (taken * MILLIS_PER_SECOND / perSecond);
        return startNanos + millis * NANOS_PER_MILLI;
    }

    /** Whether the next one is due. */
    boolean isDue(long nowNanos) {
        return perSecond > 0 && nowNanos - nextNanos() >= 0;
    }

    /** Goes on to the one after the next one. */
    void take() {
        taken++;
    }
}
