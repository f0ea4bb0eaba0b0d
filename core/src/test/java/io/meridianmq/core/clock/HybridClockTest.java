package io.meridianmq.core.clock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HybridClockTest {

    private final HybridClock clock = new HybridClock();

    @Test
    void stampsGrowWithinOneMillisecond() {
        var first = clock.next(1_000);
        var second = clock.next(1_000);
        assertThat(second).isGreaterThan(first);
        assertThat(HybridClock.millisOf(second)).isEqualTo(1_000);
    }

    @Test
    void stampsGrowWhenTheWallClockGoesBack() {
        var before = clock.next(2_000);
        assertThat(clock.next(1_000)).isGreaterThan(before);
    }

    @Test
    void theLatestStampIsNotBeforeAnyOtherAndBeforeAllThatFollow() {
        var before = clock.next(1_000);
        assertThat(clock.latest(1_000)).isEqualTo(before);
        assertThat(clock.latest(900)).isEqualTo(before);

        var later = clock.latest(2_000);
        assertThat(later).isEqualTo(HybridClock.ofMillis(2_000));
        assertThat(clock.next(1_500)).isGreaterThan(later);
    }

    @Test
    void anEffectIsLaterThanTheCauseThatArrived() {
        var cause = HybridClock.ofMillis(5_000) + 7;
        assertThat(clock.merge(cause, 1_000)).isEqualTo(cause);
        assertThat(clock.next(1_000)).isGreaterThan(cause);
    }

    @Test
    void aStampFarAheadIsClamped() {
        var broken = HybridClock.ofMillis(10_000_000);
        var accepted = clock.merge(broken, 1_000);
        assertThat(HybridClock.millisOf(accepted)).isEqualTo(1_000 + HybridClock.AHEAD_MILLIS_MAX);
        assertThat(HybridClock.millisOf(clock.next(1_000))).isEqualTo(1_000 + HybridClock.AHEAD_MILLIS_MAX);
    }
}
