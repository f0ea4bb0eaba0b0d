package io.meridianmq.core.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final double LATEST = Math.nextDown(1.0);

    private final Backoff backoff = new Backoff(100, 2_000);

    @Test
    void doublesUpToTheMaximum() {
        assertThat(new long[] {
                    backoff.nextNanos(LATEST),
                    backoff.nextNanos(LATEST),
                    backoff.nextNanos(LATEST),
                    backoff.nextNanos(LATEST),
                    backoff.nextNanos(LATEST),
                    backoff.nextNanos(LATEST),
                    backoff.nextNanos(LATEST)
                })
                .containsExactly(100, 200, 400, 800, 1_600, 2_000, 2_000);
    }

    @Test
    void jitterTakesAwayUpToHalfButNeverGoesBelowTheMinimum() {
        assertThat(backoff.nextNanos(0)).isEqualTo(100);
        assertThat(backoff.nextNanos(0)).isEqualTo(100);
        assertThat(backoff.nextNanos(0)).isEqualTo(200);
    }

    @Test
    void startsAgainAfterASuccess() {
        backoff.nextNanos(LATEST);
        backoff.nextNanos(LATEST);
        backoff.reset();
        assertThat(backoff.nextNanos(LATEST)).isEqualTo(100);
    }

    @Test
    void refusesLimitsThatMakeNoSense() {
        assertThatThrownBy(() -> new Backoff(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(2, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
