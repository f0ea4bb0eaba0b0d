package io.meridianmq.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AllowanceTest {

    /** A monotonic clock may begin anywhere, and pass from the largest number to the smallest. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 2_000_000_000L})
    void aSecondsWorthComesAtOnceAndThenAsMuchInEachSecond(long start) {
        var allowance = new Allowance(10, start);
        assertThat(taken(allowance, start)).isEqualTo(10);
        assertThat(taken(allowance, start + millis(99))).isZero();
        assertThat(taken(allowance, start + millis(100))).isEqualTo(1);
        assertThat(taken(allowance, start + millis(350))).isEqualTo(2);
        assertThat(taken(allowance, start + millis(5_000)))
                .as("no more is saved up")
                .isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 2_000_000_000L})
    void whatIsTakenBeyondIsOwed(long start) {
        var allowance = new Allowance(1_000, start);
        allowance.take(1_000, start);
        assertThat(allowance.debtNanos(start)).isZero();
        allowance.take(3_000, start);
        assertThat(allowance.debtNanos(start)).isEqualTo(millis(3_000));
        assertThat(allowance.debtNanos(start + millis(2_900))).isEqualTo(millis(100));
        assertThat(allowance.debtNanos(start + millis(4_000))).isZero();
    }

    @Test
    void theRateHoldsInTheLongRun() {
        var allowance = new Allowance(333, 0);
        var all = 0;
        for (var now = 0; now <= 10_000; now += 7) {
            all += taken(allowance, millis(now));
        }
        assertThat(all).isBetween(3_600, 3_663); // Ten seconds, and the one at once.
    }

    private static int taken(Allowance allowance, long nowNanos) {
        var taken = 0;
        while (allowance.tryTake(nowNanos)) {
            taken++;
        }
        return taken;
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
