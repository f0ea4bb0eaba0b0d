package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.publication.Qos;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** How much memory of buffers a message takes while it is on its way to its subscribers. */
final class SharedMemoryTest {

    private static final int PAYLOAD_BYTES = 4_096;

    /** For the head of one subscriber's packet, which has an identifier of its own. */
    private static final int HEAD_MAX = 64;

    /** Pools nothing: memory that is used is memory that somebody holds. */
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true);

    @Test
    void subscribersOfQosZeroShareTheFrameItself() {
        assertThat(bytesHeldFor(1_000, 1, Qos.AT_MOST_ONCE)).isZero();
    }

    @Test
    void messagesThatCameTogetherShareTheirFramesAndAreGivenBack() {
        assertThat(bytesHeldFor(100, 10, Qos.AT_MOST_ONCE)).isZero();
    }

    @Test
    void theOnlySubscriberOfQosOneGetsTheFramesThemselves() {
        assertThat(bytesHeldFor(1, 10, Qos.AT_LEAST_ONCE)).isZero();
    }

    @Test
    void subscribersOfQosOneShareThePayload() {
        assertThat(bytesHeldFor(1_000, 1, Qos.AT_LEAST_ONCE)).isLessThan(1_000 * HEAD_MAX);
    }

    private long bytesHeldFor(int subscribers, int messages, Qos qos) {
        var audience = new Audience(subscribers, qos, memory);
        var packet = audience.burst(messages, qos, PAYLOAD_BYTES);
        var before = bytesHeld();
        audience.subscribers().forEach(subscriber -> subscriber.stuck(true));

        audience.publish(packet);
        var held = bytesHeld() - before;

        audience.subscribers().forEach(subscriber -> {
            var got = subscriber.bytes();
            subscriber.stuck(false);
            subscriber.flush();
            assertThat(subscriber.bytes() - got).isEqualTo(packet.readableBytes());
        });
        packet.release();
        audience.close();
        assertThat(bytesHeld()).as("bytes that nobody needs any more").isLessThanOrEqualTo(before);
        return held;
    }

    private long bytesHeld() {
        return memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory();
    }
}
