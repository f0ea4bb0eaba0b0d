package io.meridianmq.cli.bench.account;

import org.HdrHistogram.Histogram;

/** How long things took. Belongs to one thread. */
public final class Latencies {

    private static final int DIGITS = 3;
    private static final long NANOS_MAX = 3_600_000_000_000L;

    private final Histogram nanos = new Histogram(NANOS_MAX, DIGITS);

    /**
     * Counts one.
     *
     * @param durationNanos below 0 counts as 0, above an hour as an hour
     */
    public void record(long durationNanos) {
        nanos.recordValue(Math.clamp(durationNanos, 0, NANOS_MAX));
    }

    /** Counts what another has counted. */
    public void add(Latencies other) {
        nanos.add(other.nanos);
    }

    /** Forgets them. */
    public void reset() {
        nanos.reset();
    }

    /** As they are now. */
    public Latencies copy() {
        var copy = new Latencies();
        copy.add(this);
        return copy;
    }

    /** What they come to. */
    public LatencySpread spread() {
        return LatencySpread.of(nanos);
    }
}
