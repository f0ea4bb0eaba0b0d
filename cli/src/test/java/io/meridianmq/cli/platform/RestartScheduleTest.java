package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestartScheduleTest {

    private static final Duration QUICKLY = Duration.ofSeconds(3);

    private final RestartSchedule schedule = new RestartSchedule();

    /** Near the end of what a long holds, since {@link System#nanoTime} may be anywhere and wrap. */
    private long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    @Test
    void processIsDueASecondAfterItsEndAndOnce() {
        assertThat(schedule.ended("node", QUICKLY, nowNanos)).isEqualTo(Duration.ofSeconds(1));

        advance(Duration.ofMillis(999));
        assertThat(schedule.takeDue(nowNanos)).isEmpty();
        assertThat(schedule.untilDue(nowNanos)).contains(Duration.ofMillis(1));
        advance(Duration.ofMillis(1));
        assertThat(schedule.untilDue(nowNanos)).contains(Duration.ZERO);
        assertThat(schedule.takeDue(nowNanos)).contains("node");
        assertThat(schedule.takeDue(nowNanos)).isEmpty();
        assertThat(schedule.untilDue(nowNanos)).isEmpty();
    }

    @Test
    void pauseDoublesWhileItKeepsEndingQuicklyUpToHalfAMinute() {
        assertThat(pauses(8, QUICKLY))
                .extracting(Duration::toSeconds)
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void minuteOfLifeBeginsAnew() {
        pauses(4, QUICKLY);

        assertThat(pauses(1, RestartSchedule.SETTLED.minusNanos(1))).containsExactly(Duration.ofSeconds(16));
        assertThat(pauses(2, RestartSchedule.SETTLED)).containsOnly(Duration.ofSeconds(1));
        assertThat(pauses(1, QUICKLY)).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void processesWaitIndependentlyAndTheEarliestComesFirst() {
        pauses(2, QUICKLY);
        schedule.ended("node", QUICKLY, nowNanos);
        advance(Duration.ofMillis(500));
        schedule.ended("etcd", QUICKLY, nowNanos);

        assertThat(schedule.untilDue(nowNanos)).contains(Duration.ofSeconds(1));
        advance(Duration.ofSeconds(10));
        assertThat(schedule.takeDue(nowNanos)).contains("etcd");
        assertThat(schedule.takeDue(nowNanos)).contains("node");
    }

    private List<Duration> pauses(int times, Duration lived) {
        var pauses = new ArrayList<Duration>();
        for (var time = 0; time < times; time++) {
            advance(lived);
            var pause = schedule.ended("node", lived, nowNanos);
            advance(pause);
            assertThat(schedule.takeDue(nowNanos)).contains("node");
            pauses.add(pause);
        }
        return pauses;
    }

    private void advance(Duration time) {
        nowNanos += time.toNanos();
    }
}
