package io.meridianmq.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;

/** Where a control packet begins and ends. */
final class Frames {

    /** The largest packet that the relay takes. */
    static final int BYTES_MAX = 2 << 20;

    /** What {@link #length} answers while too little of a packet has come to tell. */
    static final int UNKNOWN = -1;

    private static final int LENGTH_BYTES_MAX = 4;

    private Frames() {}

    /**
     * The bytes of the packet that begins at {@code start}, whether they have all come or not.
     *
     * @throws CorruptedFrameException if its length has more than four bytes
     * @throws TooLongFrameException if it is larger than {@link #BYTES_MAX}
     */
    static int length(ByteBuf buffer, int start) {
        var remaining = 0;
        for (var i = 0; i < LENGTH_BYTES_MAX; i++) {
            var at = start + 1 + i;
            if (at >= buffer.writerIndex()) {
                return UNKNOWN;
            }
            var digit = buffer.getByte(at);
            remaining |= (digit & 0x7F) << (7 * i); // [MQTT-2.2.3]
            if (digit >= 0) {
                return checked(1 + i + 1 + remaining);
            }
        }
        throw new CorruptedFrameException("a remaining length of more than four bytes");
    }

    /** Where the variable header of a packet begins. */
    static int variableHeader(ByteBuf buffer, int start) {
        var at = start + 1;
        while (buffer.getByte(at) < 0) {
            at++;
        }
        return at + 1;
    }

    private static int checked(int length) {
        if (length > BYTES_MAX) {
            throw new TooLongFrameException("a packet of " + length + " bytes: " + BYTES_MAX + " at most");
        }
        return length;
    }
}
