package io.meridianmq.broker.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PartialPacketsTest {

    private final PartialPackets all = new PartialPackets(10_000);

    @Test
    void connectionsShareWhatThereIs() {
        var one = all.share();
        var other = all.share();
        assertThat(one.hold(5_000)).isTrue();
        assertThat(one.hold(6_000)).as("the same packet, grown").isTrue();
        assertThat(all.bytes()).isEqualTo(6_000);
        assertThat(other.hold(5_000)).isFalse();
        assertThat(all.refused()).isEqualTo(1);
        assertThat(all.bytes()).isEqualTo(6_000);
        one.release();
        assertThat(other.hold(5_000)).isTrue();
        other.release();
        other.release();
        assertThat(all.bytes()).isZero();
    }

    @Test
    void smallPacketsDoNotCount() {
        var full = all.share();
        assertThat(full.hold(10_000)).isTrue();
        assertThat(all.share().hold(PartialPackets.UNCOUNTED_BYTES)).isTrue();
        assertThat(all.share().hold(PartialPackets.UNCOUNTED_BYTES + 1)).isFalse();
    }
}
