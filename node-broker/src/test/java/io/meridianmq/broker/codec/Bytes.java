package io.meridianmq.broker.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/** Bytes as people read them: {@code 10 0E 00 04 'MQTT' 04}, hexadecimal with text in quotes. */
final class Bytes {

    private Bytes() {}

    static byte[] parse(String notation) {
        var out = new ByteArrayOutputStream();
        var i = 0;
        while (i < notation.length()) {
            var c = notation.charAt(i);
            if (c == ' ') {
                i++;
            } else if (c == '\'') {
                var end = notation.indexOf('\'', i + 1);
                out.writeBytes(notation.substring(i + 1, end).getBytes(UTF_8));
                i = end + 1;
            } else {
                out.write(HexFormat.fromHexDigits(notation, i, i + 2));
                i += 2;
            }
        }
        return out.toByteArray();
    }

    /** A pooled direct buffer, as connections read into, with something before the bytes. */
    static ByteBuf buffer(byte[] bytes) {
        var buffer = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length + 3);
        return buffer.writeMedium(0).writeBytes(bytes).skipBytes(3);
    }

    static ByteBuf buffer(String notation) {
        return buffer(parse(notation));
    }

    static String hex(ByteBuf buffer) {
        return ByteBufUtil.hexDump(buffer);
    }
}
