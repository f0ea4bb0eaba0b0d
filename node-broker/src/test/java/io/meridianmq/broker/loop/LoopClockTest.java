package io.meridianmq.broker.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopClockTest {

    private final List<Runnable> atEnd = new ArrayList<>();
    private long wallMillis = 1_000;
    private long nanos = 7;
    private int readings;

    private final LoopClock clock = new LoopClock(new Loop(0, Runnable::run, atEnd::add), this::read, () -> nanos);

    private Instant read() {
        readings++;
        return Instant.ofEpochMilli(wallMillis);
    }

    @Test
    void timeStandsStillUntilTheIterationEnds() {
        assertThat(clock.millis()).isEqualTo(1_000);
        wallMillis = 1_005;
        nanos = 5_000_007;

        assertThat(clock.millis()).isEqualTo(1_000);
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(1_000));
        assertThat(clock.nanos()).isEqualTo(7);
        assertThat(readings).isEqualTo(1);

        endIteration();
        assertThat(clock.nanos()).isEqualTo(5_000_007);
        assertThat(clock.millis()).isEqualTo(1_005);
        assertThat(readings).isEqualTo(2);
    }

    @Test
    void anIterationInWhichNobodyAsksHasNothingToEnd() {
        clock.millis();
        endIteration();

        assertThat(atEnd).isEmpty();
    }

    private void endIteration() {
        var tasks = List.copyOf(atEnd);
        atEnd.clear();
        tasks.forEach(Runnable::run);
    }
}
