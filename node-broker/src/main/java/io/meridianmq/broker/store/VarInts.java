package io.meridianmq.broker.store;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Numbers of seven bits a byte, lowest first, as protocol buffers have them; and text behind its length. */
final class VarInts {

    private VarInts() {}

    static void write(ByteBuf out, long value) {
        var left = value;
        while ((left & ~0x7FL) != 0) {
            out.writeByte((int) (left & 0x7F) | 0x80);
            left >>>= 7;
        }
        out.writeByte((int) left);
    }

    static long read(ByteBuf in) {
        var value = 0L;
        for (var shift = 0; shift < Long.SIZE; shift += 7) {
            var next = in.readByte();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalStateException("a number of more than ten bytes in the session store");
    }

    static void writeText(ByteBuf out, String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        write(out, bytes.length);
        out.writeBytes(bytes);
    }

    static String readText(ByteBuf in) {
        return in.readString((int) read(in), StandardCharsets.UTF_8);
    }
}
