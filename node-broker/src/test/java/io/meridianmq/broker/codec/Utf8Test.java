package io.meridianmq.broker.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {

    /** The alphabet holds the first and last byte of every range that the standard tells apart. */
    private static final int[] EDGES = {
        0x01, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF, 0x00
    };

    @Test
    void agreesWithThePlatformOnWhatIsWellFormed() {
        var random = new Random(Seed.VALUE);
        for (var round = 0; round < 200_000; round++) {
            var bytes = new byte[random.nextInt(20)];
            var asciiUpTo = random.nextInt(20);
            for (var i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i < asciiUpTo ? 'a' : EDGES[random.nextInt(EDGES.length)]);
            }
            assertThat(accepts(bytes))
                    .as("seed %d, round %d, %s", Seed.VALUE, round, Bytes.hex(Unpooled.wrappedBuffer(bytes)))
                    .isEqualTo(isStrictUtf8WithoutNull(bytes));
        }
    }

    private static boolean accepts(byte[] bytes) {
        try {
            return Utf8.read(Unpooled.wrappedBuffer(bytes), 0, bytes.length).equals(new String(bytes, UTF_8));
        } catch (ProtocolException e) {
            return false;
        }
    }

    private static boolean isStrictUtf8WithoutNull(byte[] bytes) {
        for (var b : bytes) {
            if (b == 0) {
                return false;
            }
        }
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** [MQTT-1.5.4-3] [MQTT3-1.5.3-3] */
    @Test
    void keepsByteOrderMarks() {
        assertThat(Utf8.read(Unpooled.wrappedBuffer("\uFEFFa\uFEFF".getBytes(UTF_8)), 0, 7))
                .isEqualTo("\uFEFFa\uFEFF");
    }

    @Test
    void refusesToWriteWhatDoesNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Utf8.write(Unpooled.buffer(), "ä".repeat(32_768)))
                .withMessageContaining("65536 bytes");
    }
}
