package io.meridianmq.cli.bench;

/**
 * When messages are due that are sent at a steady rate. Nothing that happens changes it, so a latency that counts from when
 * a message was due contains all the time that the message had to wait. Belongs to one thread; times are {@link
 * System#nanoTime}.
 */
final class Timetable {

    private static final double NANOS_PER_SECOND = 1e9;

    private final long startNanos;
    private final double intervalNanos;
    private long count;

    /**
     * @param startNanos when the first one is due
     * @param rate messages a second, more than 0
     */
    Timetable(long startNanos, double rate) {
        this.startNanos = startNanos;
        this.intervalNanos = NANOS_PER_SECOND / rate;
    }

    /** How many came before the next one. */
    long count() {
        return count;
    }

    /** When the next one is due. */
    long dueNanos() {
        return startNanos + (long) (count * intervalNanos);
    }

    /** How long until then; 0 or less if it is due. */
    long waitNanos(long nowNanos) {
        return dueNanos() - nowNanos;
    }

    /** The next one has been sent. */
    void advance() {
        count++;
    }
}
