package io.meridianmq.cli.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StampTest {

    @Test
    void originSaysWhoPublishedItAndWhich() {
        var largest = Stamp.origin(Stamp.PUBLISHERS_MAX - 1, (1L << 40) - 1);

        assertThat(Stamp.publisher(Stamp.origin(7, 1_000_000_000_000L))).isEqualTo(7);
        assertThat(Stamp.sequence(Stamp.origin(7, 1_000_000_000_000L))).isEqualTo(1_000_000_000_000L);
        assertThat(Stamp.publisher(largest)).isEqualTo(Stamp.PUBLISHERS_MAX - 1);
        assertThat(Stamp.sequence(largest)).isEqualTo((1L << 40) - 1);
    }

    @Test
    void whatHasNoStampIsOfNoPublisher() {
        assertThat(Stamp.publisher(Stamp.NO_ORIGIN)).isGreaterThanOrEqualTo(Stamp.PUBLISHERS_MAX);
    }
}
