package io.meridianmq.fabric.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Drainable;
import io.grpc.HasByteBuffer;
import io.grpc.MethodDescriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class LinkMethodTest {

    private final MethodDescriptor<ByteBuf, ByteBuf> method = LinkMethod.connect(OpaqueBytes.CODEC);

    @Test
    void aBatchInPartsIsReadWhole() {
        assertThat(read(new Parts("ab", "c", "defg"))).isEqualTo("abcdefg");
        assertThat(read(new Parts())).isEmpty();
    }

    @Test
    void anEmptyPartDoesNotEndABatchNorStopTheReader() {
        assertThat(read(new Parts("", "ab", "", "", "c"))).isEqualTo("abc");
        assertThat(read(new Parts(""))).isEmpty();
    }

    @Test
    void whatIsSentIsReadOnceAndNotReleased() throws IOException {
        var batch = Unpooled.copiedBuffer("frames".getBytes(StandardCharsets.US_ASCII));
        try (var stream = method.streamRequest(batch)) {
            assertThat(stream.available()).isEqualTo(6);
            var out = new ByteArrayOutputStream();
            assertThat(((Drainable) stream).drainTo(out)).isEqualTo(6);
            assertThat(out).hasToString("frames");
            assertThat(stream.available()).isZero();
        }
        assertThat(batch.refCnt()).isEqualTo(1);
    }

    private String read(Parts parts) {
        var batch = method.parseRequest(parts);
        assertThat(batch.refCnt()).isEqualTo(1);
        return new String(ByteBufUtil.getBytes(batch), StandardCharsets.US_ASCII);
    }

    /** A message as the transport gives it out: in the parts in which it arrived, the first of which can be looked at. */
    @SuppressWarnings("InputStreamSlowMultibyteRead") // A few bytes.
    private static final class Parts extends InputStream implements HasByteBuffer {

        private final Deque<ByteBuffer> parts = new ArrayDeque<>();

        Parts(String... texts) {
            for (var text : List.of(texts)) {
                parts.add(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            }
        }

        @Override
        public boolean byteBufferSupported() {
            return true;
        }

        @Override
        @SuppressWarnings("NullAway") // gRPC's interface says so in words alone.
        public ByteBuffer getByteBuffer() {
            var first = parts.peek();
            return first == null ? null : first.asReadOnlyBuffer();
        }

        @Override
        public int available() {
            return parts.stream().mapToInt(ByteBuffer::remaining).sum();
        }

        @Override
        public int read() {
            while (!parts.isEmpty() && !parts.element().hasRemaining()) {
                parts.remove();
            }
            return parts.isEmpty() ? -1 : parts.element().get();
        }

        @Override
        public long skip(long count) {
            var first = parts.peek();
            if (first == null || count == 0) {
                return 0;
            }
            var skipped = (int) Math.min(count, first.remaining());
            first.position(first.position() + skipped);
            if (!first.hasRemaining()) {
                parts.remove();
            }
            return skipped;
        }
    }
}
