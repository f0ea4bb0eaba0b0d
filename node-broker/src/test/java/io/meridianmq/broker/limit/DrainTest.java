package io.meridianmq.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainTest {

    private static final long START = Long.MAX_VALUE - 5; // Readings of the clock may overflow.

    private final Drain drain = new Drain();

    @Test
    void nobodyIsAskedToLeaveWhileTheNodeIsInService() {
        assertThat(drain.isDraining()).isFalse();
        assertThat(drain.take(10, at(100))).isZero();
    }

    @Test
    void nobodyIsAskedBeforeTheDelayIsOver() {
        drain.start(TimeUnit.SECONDS.toNanos(5), 100, at(0));
        assertThat(drain.isDraining()).isTrue();
        assertThat(drain.take(10, at(4.999))).isZero();
        assertThat(drain.take(10, at(5.021))).isEqualTo(2);
    }

    @Test
    void thePaceIsKeptWhoeverAsks() {
        drain.start(0, 100, at(0));
        var asked = 0;
        for (var tick = 1; tick <= 50; tick++) {
            asked += drain.take(3, at(tick * 0.2));
            asked += drain.take(1_000, at(tick * 0.2));
        }
        assertThat(asked).isBetween(999, 1_000);
    }

    @Test
    void aSlowPaceAsksOneNowAndThen() {
        drain.start(0, 1, at(0));
        assertThat(drain.take(10, at(0.5))).isZero();
        assertThat(drain.take(10, at(1.01))).isEqualTo(1);
        assertThat(drain.take(10, at(1.5))).isZero();
        assertThat(drain.take(10, at(2.02))).isEqualTo(1);
    }

    @Test
    void aPauseDoesNotSaveUpMoreThanASecond() {
        drain.start(0, 100, at(0));
        assertThat(drain.take(1_000, at(60))).isEqualTo(100);
    }

    @Test
    void askingAgainChangesThePaceAndNeverDelaysWhatIsUnderWay() {
        drain.start(TimeUnit.SECONDS.toNanos(5), 100, at(0));
        drain.start(TimeUnit.SECONDS.toNanos(5), 10, at(4));
        assertThat(drain.take(1_000, at(6.01))).isEqualTo(10);
        drain.start(TimeUnit.SECONDS.toNanos(60), 10, at(6.01));
        assertThat(drain.take(1_000, at(7.02))).isEqualTo(10);
    }

    @Test
    void resumingEndsItAndANewDrainStartsAfresh() {
        drain.start(0, 100, at(0));
        drain.resume();
        assertThat(drain.isDraining()).isFalse();
        assertThat(drain.take(10, at(10))).isZero();
        drain.start(TimeUnit.SECONDS.toNanos(1), 100, at(20));
        assertThat(drain.take(10, at(20.5))).isZero();
        assertThat(drain.take(1_000, at(21.101))).isEqualTo(10);
    }

    private static long at(double seconds) {
        return START + (long) (seconds * 1e9);
    }
}
