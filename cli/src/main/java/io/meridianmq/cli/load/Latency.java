package io.meridianmq.cli.load;

import org.HdrHistogram.Histogram;

/** How long one sort of message took: since the last look, and in all. Belongs to one thread. */
final class Latency {

    private static final int DIGITS = 3;
    private static final long NANOS_PER_MICRO = 1_000;

    private final Histogram recent = new Histogram(DIGITS);
    private final Histogram all = new Histogram(DIGITS);

    /** @param nanos from when it was due; before that counts as 0 */
    void record(long nanos) {
        var micros = Math.max(0, nanos / NANOS_PER_MICRO);
        recent.recordValue(micros);
        all.recordValue(micros);
    }

    /** What was recorded since the last call. */
    Spread takeRecent() {
        var spread = Spread.of(recent);
        recent.reset();
        return spread;
    }

    Spread all() {
        return Spread.of(all);
    }
}
