package io.meridianmq.fabric.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Remembers the texts that frames repeat: the same bytes give the same String, neither checked nor decoded again.
 *
 * <p>Belongs to the mesh thread. Keeps at most {@value #TEXTS_MAX} texts of {@value #BYTES_MAX} bytes; a text replaces the
 * one that has its slot.
 */
final class KnownTexts {

    static final int TEXTS_MAX = 1_024;
    static final int BYTES_MAX = 256;

    private final ByteBuf[] bytes = new ByteBuf[TEXTS_MAX];
    private final String[] texts = new String[TEXTS_MAX];

    KnownTexts() {
        Arrays.fill(bytes, Unpooled.EMPTY_BUFFER);
        Arrays.fill(texts, "");
    }

    /**
     * The text of these bytes.
     *
     * @throws IllegalArgumentException if they are not UTF-8
     */
    String text(ByteBuf in, int start, int length) {
        var slot = slot(in, start, length);
        var known = bytes[slot];
        if (known.readableBytes() == length && ByteBufUtil.equals(in, start, known, 0, length)) {
            return texts[slot];
        }
        if (!ByteBufUtil.isText(in, start, length, StandardCharsets.UTF_8)) {
            throw new IllegalArgumentException("a text is not UTF-8");
        }
        var text = in.toString(start, length, StandardCharsets.UTF_8);
        if (length <= BYTES_MAX) {
            bytes[slot] = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(in, start, length));
            texts[slot] = text;
        }
        return text;
    }

    private static int slot(ByteBuf in, int start, int length) {
        var hash = (long) length;
        var at = start;
        for (var end = start + length; at + Long.BYTES <= end; at += Long.BYTES) {
            hash = (hash + in.getLongLE(at)) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 32;
        }
        for (var end = start + length; at < end; at++) {
            hash = (hash + in.getByte(at)) * 0x9E37_79B9_7F4A_7C15L;
        }
        return (int) (hash >>> 48) & (TEXTS_MAX - 1);
    }
}
