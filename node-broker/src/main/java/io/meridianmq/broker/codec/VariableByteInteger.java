package io.meridianmq.broker.codec;

import io.netty.buffer.ByteBuf;

/** Seven bits per byte, lowest first, the top bit saying that more follow; at most four bytes (MQTT 5, section 1.5.5). */
final class VariableByteInteger {

    static final int MAX = 268_435_455;
    static final int BYTES_MAX = 4;

    private VariableByteInteger() {}

    /** Returns how many bytes the shortest form of {@code value} takes. */
    static int size(int value) {
        if (value < 1 << 7) {
            return 1;
        }
        if (value < 1 << 14) {
            return 2;
        }
        return value < 1 << 21 ? 3 : 4;
    }

    /** Writes the shortest form. [MQTT-1.5.5-1] */
    static void write(ByteBuf out, int value) {
        assert value >= 0 && value <= MAX : value;
        var rest = value;
        while (rest > 0x7F) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}
