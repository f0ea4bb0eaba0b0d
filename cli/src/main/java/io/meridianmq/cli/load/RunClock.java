package io.meridianmq.cli.load;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The times of one run: {@link System#nanoTime()} is what everything is measured with, and steps of the wall clock during
 * the run change nothing.
 *
 * @param startNanos when the run began
 * @param start the same by the wall clock
 */
record RunClock(long startNanos, Instant start) {

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    long millis(long nanos) {
        return (nanos - startNanos) / NANOS_PER_MILLI;
    }

    /** Microseconds since 1970, for payloads. */
    long epochMicros(long nanos) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, start) + (nanos - startNanos) / NANOS_PER_MICRO;
    }

    /** The way back from {@link #epochMicros}, to the microsecond. */
    long nanos(long epochMicros) {
        return startNanos + (epochMicros - ChronoUnit.MICROS.between(Instant.EPOCH, start)) * NANOS_PER_MICRO;
    }

    /** A time of the run by the wall clock. */
    Instant at(long millis) {
        return start.plusMillis(millis);
    }
}
