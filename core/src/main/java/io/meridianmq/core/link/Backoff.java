package io.meridianmq.core.link;

/**
 * How long to wait before the next attempt: twice as long after every failure, between two limits, with jitter so that
 * many who lost the same neighbour do not come back at the same moment.
 *
 * <p>Belongs to one thread.
 */
public final class Backoff {

    private final long minNanos;
    private final long maxNanos;
    private long ceilingNanos;

    /**
     * @throws IllegalArgumentException unless {@code 0 < minNanos <= maxNanos}
     */
    public Backoff(long minNanos, long maxNanos) {
        if (minNanos <= 0 || minNanos > maxNanos) {
            throw new IllegalArgumentException(
                    "a backoff needs 0 < minimum <= maximum, not " + minNanos + " ns and " + maxNanos + " ns");
        }
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
        this.ceilingNanos = minNanos;
    }

    /**
     * The wait after one more failure: between half and all of the current ceiling, never below the minimum.
     *
     * @param jitter random number, 0 inclusive to 1 exclusive
     */
    public long nextNanos(double jitter) {
        var wait = Math.max(minNanos, (long) (ceilingNanos * (0.5 + jitter / 2)));
        ceilingNanos = Math.min(maxNanos, 2 * ceilingNanos);
        return wait;
    }

    /** After a success: the next failure waits the minimum again. */
    public void reset() {
        ceilingNanos = minNanos;
    }
}
