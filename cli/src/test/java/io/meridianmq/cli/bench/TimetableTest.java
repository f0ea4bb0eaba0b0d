package io.meridianmq.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.cli.bench.account.Latencies;
import org.junit.jupiter.api.Test;

class TimetableTest {

    private static final long MILLI = 1_000_000;

    @Test
    void messagesAreDueAtASteadyRate() {
        var timetable = new Timetable(5 * MILLI, 1_000);

        assertThat(timetable.waitNanos(4 * MILLI)).isEqualTo(MILLI);
        timetable.advance();
        assertThat(timetable.dueNanos()).isEqualTo(6 * MILLI);
        for (var count = 1; count < 1_000_000; count++) {
            timetable.advance();
        }
        assertThat(timetable.dueNanos()).isEqualTo(5 * MILLI + 1_000_000 * MILLI);
    }

    /** Coordinated omission: a generator that only measures what it could send would see one slow message. */
    @Test
    void brokerThatStopsForASecondIsSeenInEveryMessageThatWasDueMeanwhile() {
        var timetable = new Timetable(0, 1_000);
        var latencies = new Latencies();
        for (long now = 0; now < 10_000 * MILLI; now += MILLI) {
            var isStopped = now >= 5_000 * MILLI && now < 6_000 * MILLI;
            while (!isStopped && timetable.waitNanos(now) <= 0) {
                latencies.record(now - timetable.dueNanos());
                timetable.advance();
            }
        }

        var spread = latencies.spread();
        assertThat(spread.count()).isEqualTo(10_000);
        assertThat(spread.p50Micros()).isZero();
        // A tenth of all messages had to wait, evenly from a second down to nothing.
        assertThat(spread.p99Micros()).isBetween(890_000.0, 910_000.0);
        assertThat(spread.maxMicros()).isBetween(990_000.0, 1_010_000.0);
    }
}
