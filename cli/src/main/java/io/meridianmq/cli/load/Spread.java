package io.meridianmq.cli.load;

import org.HdrHistogram.Histogram;

/**
 * How long things took.
 *
 * @param count how many there were; if none, the rest is 0
 * @param medianMillis half of them took at most this long
 * @param p99Millis 99 of 100 took at most this long
 */
record Spread(long count, double medianMillis, double p99Millis, double maxMillis) {

    private static final double MICROS_PER_MILLI = 1e3;

    /** @param micros in microseconds */
    static Spread of(Histogram micros) {
        return new Spread(
                micros.getTotalCount(),
                micros.getValueAtPercentile(50) / MICROS_PER_MILLI,
                micros.getValueAtPercentile(99) / MICROS_PER_MILLI,
                micros.getMaxValue() / MICROS_PER_MILLI);
    }
}
