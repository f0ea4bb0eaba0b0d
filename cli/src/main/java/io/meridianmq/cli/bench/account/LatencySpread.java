package io.meridianmq.cli.bench.account;

import org.HdrHistogram.Histogram;

/**
 * How long things took, in microseconds; 0 if there were none.
 *
 * @param count how many there were
 * @param p50Micros half of them took at most this long
 * @param p90Micros nine of ten
 * @param p99Micros 99 of 100
 * @param p999Micros 999 of 1,000
 */
public record LatencySpread(
        long count, double p50Micros, double p90Micros, double p99Micros, double p999Micros, double maxMicros) {

    private static final double NANOS_PER_MICRO = 1e3;

    static LatencySpread of(Histogram nanos) {
        return new LatencySpread(
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(90) / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(99) / NANOS_PER_MICRO,
                nanos.getValueAtPercentile(99.9) / NANOS_PER_MICRO,
                nanos.getMaxValue() / NANOS_PER_MICRO);
    }
}
