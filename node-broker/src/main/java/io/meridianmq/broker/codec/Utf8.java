package io.meridianmq.broker.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** UTF-8 encoded strings as MQTT allows them (MQTT 5, section 1.5.4). */
final class Utf8 {

    static final int BYTES_MAX = 65_535;

    private static final long ONES = 0x0101010101010101L;
    private static final long TOPS = 0x8080808080808080L;

    private Utf8() {}

    /** Reads a string, given without its length. */
    static String read(ByteBuf in, int start, int length) {
        check(in, start, length);
        var bytes = new byte[length];
        in.getBytes(start, bytes);
        return new String(bytes, UTF_8); // Keeps U+FEFF wherever it stands. [MQTT-1.5.4-3] [MQTT3-1.5.3-3]
    }

    /** Writes a string behind its length. */
    static void write(ByteBuf out, String text) {
        var bytes = ByteBufUtil.utf8Bytes(text);
        if (bytes > BYTES_MAX) {
            throw new IllegalArgumentException("a string of " + bytes + " bytes does not fit into a packet: at most "
                    + BYTES_MAX + " do, shorten it");
        }
        out.writeShort(bytes);
        ByteBufUtil.reserveAndWriteUtf8(out, text, bytes);
    }

    /**
     * Checks that these bytes are well-formed UTF-8 without the null character.
     *
     * @throws ProtocolException Malformed Packet otherwise
     */
    static void check(ByteBuf in, int start, int length) {
        var end = start + length;
        var index = start;
        while (index < end) {
            if (end - index >= Long.BYTES && isPlain(in.getLong(index))) {
                index += Long.BYTES;
            } else {
                index += checkCharacter(in, index, end);
            }
        }
    }

    /** Whether these are eight characters of ASCII and none is null. */
    private static boolean isPlain(long eight) {
        return ((eight | (eight - ONES)) & TOPS) == 0;
    }

    /** Checks one character and returns its size in bytes (The Unicode Standard, table 3-7). */
    private static int checkCharacter(ByteBuf in, int index, int end) {
        var first = in.getUnsignedByte(index);
        if (first < 0x80) {
            if (first == 0) {
                // [MQTT3-1.5.3-2]
                throw ProtocolException.malformed("a string has the null character U+0000"); // [MQTT-1.5.4-2]
            }
            return 1;
        }
        if (first >= 0xC2 && first <= 0xDF) {
            checkContinuation(in, index + 1, end, 0x80, 0xBF);
            return 2;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            // From 0xA0 on after E0, or it were over-long; below 0xA0 after ED, or it were a surrogate. [MQTT-1.5.4-1]
            checkContinuation(in, index + 1, end, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
            checkContinuation(in, index + 2, end, 0x80, 0xBF);
            return 3;
        }
        if (first >= 0xF0 && first <= 0xF4) {
            // From 0x90 on after F0, or it were over-long; below 0x90 after F4, or it were above U+10FFFF.
            checkContinuation(in, index + 1, end, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
            checkContinuation(in, index + 2, end, 0x80, 0xBF);
            checkContinuation(in, index + 3, end, 0x80, 0xBF);
            return 4;
        }
        throw notWellFormed();
    }

    private static void checkContinuation(ByteBuf in, int index, int end, int least, int most) {
        if (index >= end) {
            throw notWellFormed();
        }
        var next = in.getUnsignedByte(index);
        if (next < least || next > most) {
            throw notWellFormed();
        }
    }

    private static ProtocolException notWellFormed() {
        return ProtocolException.malformed("a string is not well-formed UTF-8"); // [MQTT-1.5.4-1] [MQTT3-1.5.3-1]
    }
}
