package io.meridianmq.broker.front;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StretchTest {

    private static final int MESSAGE = 1 << 10;

    /** Not followed by the detection of leaks. */
    private final ByteBuf received =
            new UnpooledByteBufAllocator(true, true).directBuffer().writeZero(64 << 10);

    private final Stretch stretch = new Stretch();

    @AfterEach
    void nothingIsKept() {
        assertThat(stretch.isEmpty()).isTrue();
        assertThat(received.release()).as("the last reference").isTrue();
    }

    private ByteBuf message(int start) {
        return received.retainedSlice(start, MESSAGE);
    }

    private boolean extend(ByteBuf message) {
        try {
            return stretch.extend(message);
        } finally {
            message.release();
        }
    }

    private void taken(ByteBuf from, int start, int length) {
        var all = stretch.take();
        assertThat(all.memoryAddress() + all.readerIndex()).isEqualTo(from.memoryAddress() + start);
        assertThat(all.readableBytes()).isEqualTo(length);
        all.release();
    }

    @Test
    void messagesThatLieBehindEachOtherLeaveTogether() {
        stretch.begin(message(0));
        assertThat(extend(message(MESSAGE))).isTrue();
        assertThat(extend(message(2 * MESSAGE))).isTrue();
        taken(received, 0, 3 * MESSAGE);
    }

    @Test
    void aMessageAloneLeavesAsItIs() {
        var only = message(MESSAGE);
        stretch.begin(only);
        var all = stretch.take();
        assertThat(all).isSameAs(only);
        all.release();
    }

    @Test
    void aMessageElsewhereIsNotAdded() {
        stretch.begin(message(0));
        assertThat(extend(message(MESSAGE + 1))).isFalse();
        assertThat(extend(message(0))).isFalse();
        taken(received, 0, MESSAGE);
    }

    /** The memory of another buffer may begin where that of this one ends, and is given back at another time. */
    @Test
    void aMessageInTheMemoryOfAnotherBufferIsNotAdded() {
        var both = Unpooled.directBuffer(2 * MESSAGE).writeZero(2 * MESSAGE);
        var left = Unpooled.wrappedBuffer(both.nioBuffer(0, MESSAGE));
        var right = Unpooled.wrappedBuffer(both.nioBuffer(MESSAGE, MESSAGE));
        assertThat(right.memoryAddress()).isEqualTo(left.memoryAddress() + MESSAGE);
        stretch.begin(left.retainedSlice());
        assertThat(extend(right.retainedSlice())).isFalse();
        taken(left, 0, MESSAGE);
        left.release();
        right.release();
        both.release();
    }

    @Test
    void whatTheDetectionOfLeaksFollowsIsLeftToIt() {
        var followed = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(2 * MESSAGE);
        stretch.begin(followed.retainedSlice(0, MESSAGE));
        assertThat(extend(followed.retainedSlice(MESSAGE, MESSAGE))).isEqualTo(!ResourceLeakDetector.isEnabled());
        stretch.take().release();
        assertThat(followed.release()).isTrue();
    }

    @Test
    void aMessageInAnArrayIsNotAdded() {
        var heap = Unpooled.buffer().writeZero(2 * MESSAGE);
        stretch.begin(heap.retainedSlice(0, MESSAGE));
        assertThat(extend(heap.retainedSlice(MESSAGE, MESSAGE))).isFalse();
        stretch.take().release();
        assertThat(heap.release()).isTrue();
    }

    @Test
    void whatTheChannelDoesNotKnowOfIsBounded() {
        stretch.begin(message(0));
        var count = 1;
        while (extend(message(count * MESSAGE))) {
            count++;
        }
        assertThat(count).isEqualTo(16);
        taken(received, 0, 16 * MESSAGE);
    }

    @Test
    void aMessageOfWhichTheReaderIndexWasMovedIsAddedWhole() {
        stretch.begin(message(0));
        var sent = message(MESSAGE);
        sent.skipBytes(10); // as another channel does that has sent a part of it
        assertThat(extend(sent)).isTrue();
        taken(received, 0, 2 * MESSAGE);
    }

    @Test
    void anotherStretchBeginsWhereOneWasTaken() {
        stretch.begin(message(0));
        assertThat(extend(message(MESSAGE))).isTrue();
        taken(received, 0, 2 * MESSAGE);
        stretch.begin(message(5 * MESSAGE));
        assertThat(extend(message(2 * MESSAGE))).isFalse();
        assertThat(extend(message(6 * MESSAGE))).isTrue();
        taken(received, 5 * MESSAGE, 2 * MESSAGE);
    }
}
