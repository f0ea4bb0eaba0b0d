package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.bench.WithoutLeakDetection;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages that a publisher sends together. The detection of leaks follows each of them on its own. */
@ExtendWith(WithoutLeakDetection.class)
final class BurstTest {

    private static final int MESSAGES = 50;

    /** Pools nothing: memory that is used is memory that somebody holds. */
    private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);

    @ParameterizedTest
    @EnumSource
    void leavesAsItCameAndIsGivenBack(Qos qos) {
        var audience = new Audience(1, qos, memory);
        var subscriber = audience.subscribers().getFirst();
        var buffers = subscriber.buffers();
        var bytes = subscriber.bytes();
        var before = memory.metric().usedDirectMemory();

        var burst = audience.burst(MESSAGES, qos, 256);
        audience.publish(burst);

        assertThat(subscriber.bytes() - bytes).isEqualTo(burst.readableBytes());
        assertThat(subscriber.buffers() - buffers).isEqualTo(1);
        burst.release();
        audience.close();
        assertThat(memory.metric().usedDirectMemory()).isLessThanOrEqualTo(before);
    }
}
