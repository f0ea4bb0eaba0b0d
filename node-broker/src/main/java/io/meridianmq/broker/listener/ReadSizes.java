package io.meridianmq.broker.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How large the buffers are that clients' bytes are read into: for each connection by what it had to say before. Does what
 * Netty's {@code AdaptiveRecvByteBufAllocator} does by and large, with a third of the memory for each connection. Any
 * thread.
 */
final class ReadSizes implements RecvByteBufAllocator {

    /** Reads in a row from one connection, before others have their turn. */
    private static final int READS_MAX = 16;

    private static final int SIZE_MIN = 64;
    private static final int SIZE_AT_FIRST = 2_048;
    private static final int SIZE_MAX = 64 << 10;

    /** How much larger the next buffer is when one was full: few reads of what comes in bulk. */
    private static final int GROWTH = 8;

    @Override
    public ExtendedHandle newHandle() {
        return new ReadSize();
    }

    /** That of one connection. Belongs to the connection's loop. */
    private static final class ReadSize implements ExtendedHandle {

        private @Nullable ChannelConfig config;

        /** A power of two. */
        private int size = SIZE_AT_FIRST;

        /** Whether the turn before needed less than half of it. */
        private boolean wasLarge;

        /** Reads of this turn, and what they have brought. */
        private byte reads;

        private int readBytes;

        /** The last read, and what it had room for. */
        private int lastBytes;

        private int lastRoom;

        @Override
        public void reset(ChannelConfig newConfig) {
            config = newConfig;
            reads = 0;
            readBytes = 0;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.ioBuffer(size);
        }

        @Override
        public int guess() {
            return size;
        }

        @Override
        public void incMessagesRead(int count) {
            reads += (byte) count;
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            lastRoom = bytes;
        }

        @Override
        public int attemptedBytesRead() {
            return lastRoom;
        }

        @Override
        public void lastBytesRead(int bytes) {
            lastBytes = bytes;
            if (bytes > 0) {
                readBytes += bytes;
            }
            if (bytes == lastRoom && bytes >= size) {
                size = Math.min(SIZE_MAX, size * GROWTH);
                wasLarge = false;
            }
        }

        @Override
        public int lastBytesRead() {
            return lastBytes;
        }

        @Override
        public boolean continueReading() {
            return lastRoom == lastBytes && mayContinue();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier mayBeMore) {
            return mayContinue() && mayBeMore.get();
        }

        private boolean mayContinue() {
            return Objects.requireNonNull(config, "reset comes first").isAutoRead()
                    && reads < READS_MAX
                    && readBytes > 0;
        }

        /** Two turns that needed little make the buffers smaller. */
        @Override
        public void readComplete() {
            var isLarge = readBytes < size / 2 && size > SIZE_MIN;
            if (isLarge && wasLarge) {
                size /= 2;
            }
            wasLarge = isLarge && !wasLarge;
        }
    }
}
