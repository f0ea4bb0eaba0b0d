package io.meridianmq.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.publication.PublisherHash;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotHashTest {

    /** What is stored is found by these numbers: they must never change. */
    @Test
    void slotsOfKnownTextsStay() {
        assertThat(SlotHash.ofClient("device-1")).isEqualTo(SlotHash.ofPublisher(PublisherHash.of("device-1")));
        assertThat(new int[] {SlotHash.ofClient("device-1"), SlotHash.ofClient(""), SlotHash.ofTopic("plant/7/temp")})
                .containsExactly(2684, 2478, 3353);
    }

    @Test
    void numberedClientsSpreadOverAllSlots() {
        var counts = new int[SlotHash.COUNT];
        IntStream.range(0, 100 * SlotHash.COUNT).forEach(i -> counts[SlotHash.ofClient("device-" + i)]++);

        // One hundred expected in each; six standard deviations are sixty.
        assertThat(IntStream.of(counts)).allMatch(count -> count > 40 && count < 160);
    }
}
