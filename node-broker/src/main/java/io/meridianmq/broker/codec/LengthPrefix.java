package io.meridianmq.broker.codec;

import io.netty.buffer.ByteBuf;

/**
 * Writes a variable byte integer in front of bytes whose number is not known before they are written.
 *
 * <p>{@code var at = LengthPrefix.open(out);}, write, {@code LengthPrefix.close(out, at);}. One byte is kept free; what
 * takes more than 127 bytes is moved behind a longer prefix, so this is for the small packets, not for payloads.
 */
final class LengthPrefix {

    private LengthPrefix() {}

    /** Keeps room for the prefix and returns where. */
    static int open(ByteBuf out) {
        var at = out.writerIndex();
        out.writeByte(0);
        return at;
    }

    /** Writes the prefix for all that was written since {@link #open} returned {@code at}. */
    static void close(ByteBuf out, int at) {
        var length = out.writerIndex() - at - 1;
        if (length > VariableByteInteger.MAX) {
            throw new IllegalArgumentException(
                    "a packet of " + length + " bytes cannot be written: at most " + VariableByteInteger.MAX + " can");
        }
        if (length < 1 << 7) {
            out.setByte(at, length);
            return;
        }
        var bytes = new byte[length]; // A copy, since buffers do not promise to move overlapping ranges.
        out.getBytes(at + 1, bytes);
        out.writerIndex(at);
        VariableByteInteger.write(out, length);
        out.writeBytes(bytes);
    }
}
