package io.meridianmq.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class QosMixTest {

    @Test
    void oneQosIsAllThereIs() {
        assertThat(QosMix.parse("1")).hasToString("QoS 1: 100%");
        assertThat(LongStream.range(0, 100).map(QosMix.parse("2")::of)).containsOnly(2L);
        assertThat(QosMix.parse("0").highest()).isZero();
    }

    @Test
    void sharesHoldOverAnyStretchAndForEachDevice() {
        var mix = QosMix.parse("70/20/10");
        for (var from = 0L; from < 100_000; from += 777) {
            var counts = counts(mix, LongStream.range(from, from + 1_000));
            assertThat(counts.get(0)).isBetween(690L, 710L);
            assertThat(counts.get(1)).isBetween(190L, 210L);
        }
        var ofOneDevice = counts(mix, LongStream.range(0, 1_000).map(reading -> 17 + reading * 2_000));
        assertThat(ofOneDevice.get(2)).isBetween(90L, 110L);
        assertThat(mix).hasToString("QoS 0: 70%, QoS 1: 20%, QoS 2: 10%");
        assertThat(mix.highest()).isEqualTo(2);
    }

    @Test
    void twoSharesAreOfQos0And1() {
        assertThat(QosMix.parse("70/30").shares()).containsExactly(70, 30, 0);
    }

    @Test
    void whatIsNoShareIsRefused() {
        for (var text : List.of("3", "70", "70/", "a/b", "1/2/3/4", "-1/2")) {
            assertThatThrownBy(() -> QosMix.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("70/30");
        }
        assertThatThrownBy(() -> QosMix.parse("0/0")).hasMessageContaining("no QoS");
    }

    private static List<Long> counts(QosMix mix, LongStream messages) {
        var counts = new long[3];
        messages.forEach(message -> counts[mix.of(message)]++);
        return LongStream.of(counts).boxed().toList();
    }
}
