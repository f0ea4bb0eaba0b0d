package io.meridianmq.core.link;

import static io.meridianmq.core.link.Heartbeats.Tick.ASK;
import static io.meridianmq.core.link.Heartbeats.Tick.SILENT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeartbeatsTest {

    private final Heartbeats heartbeats = new Heartbeats(500, 2_000, 0);

    @Test
    void asksUntilTheSilenceIsTooLong() {
        assertThat(heartbeats.onTick(500)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(1_000)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(1_500)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(2_000)).isEqualTo(SILENT);
    }

    @Test
    void whateverIsHeardEndsTheSilence() {
        heartbeats.onTick(500);
        heartbeats.onTick(1_000);
        heartbeats.onHeard(1_100);
        assertThat(heartbeats.onTick(1_500)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(2_000)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(2_500)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(3_000)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(3_500)).isEqualTo(SILENT);
    }

    @Test
    void anAnswerTellsTheRoundTrip() {
        assertThat(Heartbeats.roundTripNanos(500, 1_100)).isEqualTo(600);
        assertThat(Heartbeats.roundTripNanos(1_100, 500)).isZero(); // A stamp that was not one of ours.
    }

    @Test
    void aPauseOfThisEndIsNotTheOthersSilence() {
        assertThat(heartbeats.onTick(500)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(60_000)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(60_500)).isEqualTo(ASK);
        assertThat(heartbeats.onTick(61_000)).isEqualTo(SILENT);
    }
}
