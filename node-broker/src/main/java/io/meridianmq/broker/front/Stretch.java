package io.meridianmq.broker.front;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are to leave one behind the other, and lie so in the memory that they arrived in, since a publisher sent
 * them together: they go to the channel as one buffer, and those after the first cost nothing but a comparison. Belongs
 * to the connection's loop.
 */
final class Stretch {

    /** Bytes that the channel does not know of yet, and so does not count, at most; but for a first message that is larger. */
    private static final int LENGTH_MAX = 16 << 10;

    /** The first message, with a reference, which keeps the memory of the others as well; null if there is none. */
    private @Nullable ByteBuf first;

    /** The buffer that the messages are parts of; of use while there is a first one. */
    private @Nullable ByteBuf memory;

    private int start;
    private int length;

    boolean isEmpty() {
        return first == null;
    }

    /** Begins with a message whose reference passes to this call; there is none before. */
    void begin(ByteBuf message) {
        assert first == null;
        first = message;
        memory = message.hasMemoryAddress() ? memoryOf(message) : null;
        length = message.readableBytes();
        if (memory != null) {
            start = (int) (message.memoryAddress() + message.readerIndex() - memory.memoryAddress());
        }
    }

    /**
     * Adds a message if it lies right behind the last one.
     *
     * @param message from its index 0 to its writer index; borrowed for the call
     * @return false if it does not
     */
    @SuppressWarnings("ReferenceEquality") // The same buffer is meant: an equal one is elsewhere.
    boolean extend(ByteBuf message) {
        var size = message.writerIndex();
        if (memory == null
                || length + size > LENGTH_MAX
                || !message.hasMemoryAddress()
                || message.memoryAddress() != memory.memoryAddress() + start + length
                || memoryOf(message) != memory) {
            return false;
        }
        length += size;
        return true;
    }

    /** Returns all messages with a reference that the caller releases, and forgets them. There is one at least. */
    ByteBuf take() {
        var message = Objects.requireNonNull(first);
        var of = memory;
        first = null;
        memory = null;
        if (of == null || message.readableBytes() == length) {
            return message;
        }
        var all = of.retainedSlice(start, length);
        message.release();
        return all;
    }

    /** The buffer that a message is a part of, or the message if it is none. A buffer that is followed by the detection of leaks
     * is a part of a part: what is made of the innermost one would not be followed. */
    private static ByteBuf memoryOf(ByteBuf message) {
        var memory = message.unwrap();
        return memory != null && memory.unwrap() == null ? memory : message;
    }
}
