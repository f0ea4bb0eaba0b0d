package io.meridianmq.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void messagesAreDueAtTheirRateWhateverBecameOfThoseBefore() {
        var schedule = new Schedule(2_000, 7);
        assertThat(takeDue(schedule, 7)).isEqualTo(2);
        assertThat(takeDue(schedule, 7 + SECOND / 1_000 - 1)).isZero();
        assertThat(takeDue(schedule, 7 + SECOND / 1_000)).isEqualTo(2);
        assertThat(takeDue(schedule, 7 + 10 * SECOND))
                .as("after a pause of ten seconds")
                .isEqualTo(20_000 - 2);
    }

    @Test
    void eachIsDueAtItsOwnTimeAlsoWhenItIsTakenLate() {
        var schedule = new Schedule(10, 0);
        for (var number = 0; number < 5; number++) {
            assertThat(schedule.nextNanos()).isEqualTo(number * SECOND / 10);
            schedule.take();
        }
    }

    @Test
    void rateZeroIsNever() {
        assertThat(new Schedule(0, 0).isDue(Long.MAX_VALUE)).isFalse();
    }

    private static int takeDue(Schedule schedule, long now) {
        var count = 0;
        while (schedule.isDue(now)) {
            schedule.take();
            count++;
        }
        return count;
    }
}
