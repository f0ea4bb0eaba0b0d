package io.meridianmq.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

final class ReadSizesTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ExtendedHandle handle = new ReadSizes().newHandle();

    @Test
    void buffersGrowWithWhatComesInBulk() {
        turn(2_048);
        assertThat(handle.guess()).isEqualTo(16_384);
        turn(16_384);
        turn(65_536);
        assertThat(handle.guess()).isEqualTo(65_536);
    }

    @Test
    void buffersOfWhoSaysLittleShrink() {
        turn(20);
        assertThat(handle.guess()).isEqualTo(2_048);
        turn(20);
        assertThat(handle.guess()).isEqualTo(1_024);
        for (var i = 0; i < 20; i++) {
            turn(20);
        }
        assertThat(handle.guess()).isEqualTo(64);
    }

    @Test
    void oneShortMessageAmongLargeOnesChangesNothing() {
        for (var i = 0; i < 10; i++) {
            turn(20);
            turn(1_500);
        }
        assertThat(handle.guess()).isEqualTo(2_048);
    }

    @Test
    void buffersAreAsLargeAsTheSizeSays() {
        var buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
        assertThat(buffer.capacity()).isEqualTo(2_048);
        buffer.release();
    }

    @Test
    void othersHaveTheirTurnAfterSixteenReads() {
        handle.reset(channel.config());
        for (var i = 0; i < 15; i++) {
            read(handle.guess());
            assertThat(handle.continueReading()).isTrue();
        }
        read(handle.guess());
        assertThat(handle.continueReading()).isFalse();
        assertThat(handle.continueReading(() -> true)).isFalse();
    }

    @Test
    void doesNotReadOnWhenThereWasRoomForMore() {
        handle.reset(channel.config());
        read(10);
        assertThat(handle.continueReading()).isFalse();
        assertThat(handle.continueReading(() -> true)).isTrue();
    }

    @Test
    void doesNotReadOnWhenTheConnectionIsPausedOrClosed() {
        handle.reset(channel.config());
        read(handle.guess());
        channel.config().setAutoRead(false);
        assertThat(handle.continueReading()).isFalse();
        channel.config().setAutoRead(true);
        handle.reset(channel.config());
        read(-1);
        assertThat(handle.continueReading(() -> true)).isFalse();
    }

    /** Reads once, so many bytes, or as many as there is room for. */
    private void turn(int bytes) {
        handle.reset(channel.config());
        read(Math.min(bytes, handle.guess()));
        handle.readComplete();
    }

    private void read(int bytes) {
        handle.attemptedBytesRead(handle.guess());
        handle.lastBytesRead(bytes);
        handle.incMessagesRead(1);
    }
}
