package io.meridianmq.cli.load.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossTimesTest {

    private final LossTimes times = new LossTimes();

    @Test
    void lossesWithinASecondAreOneSpan() {
        times.add(5_000);
        times.add(6_000);
        times.add(4_500);
        times.add(9_000);

        assertThat(times.spans()).containsExactly(new LossSpan(4_500, 6_000, 3), new LossSpan(9_000, 9_000, 1));
    }

    @Test
    void lossBetweenTwoSpansJoinsThem() {
        times.add(1_000);
        times.add(2_900);
        assertThat(times.spans()).hasSize(2);
        times.add(1_950);

        assertThat(times.spans()).containsExactly(new LossSpan(1_000, 2_900, 3));
    }

    @Test
    void whatCameLateIsTakenBack() {
        times.add(1_000);
        times.add(1_500);
        times.add(7_000);
        times.remove(1_500);
        times.remove(7_000);

        assertThat(times.spans()).containsExactly(new LossSpan(1_000, 1_500, 1));
    }

    @Test
    void manySpansBecomeFewAndNoneIsForgotten() {
        for (var second = 0; second < 1_000; second++) {
            times.add(second * 10_000L + second);
        }

        assertThat(times.spans()).hasSize(LossTimes.SPANS_MAX);
        assertThat(times.spans().stream().mapToLong(LossSpan::count).sum()).isEqualTo(1_000);
        assertThat(times.spans().getFirst().fromMillis()).isZero();
        assertThat(times.spans().getLast().toMillis()).isEqualTo(999 * 10_000L + 999);
    }
}
