package io.meridianmq.fabric.link;

import io.grpc.Drainable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.meridianmq.proto.link.v1.LinksGrpc;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * The one method of the link service, with batches as bytes: what is sent goes from the batch into the transport's own
 * buffers, and what arrives is copied once from there, into memory that the component chooses.
 */
final class LinkMethod {

    private static final int CHUNK_BYTES = 8 * 1024;

    private LinkMethod() {}

    /**
     * A batch given to gRPC is read and not released. One that gRPC gives out has one reference, which is its receiver's.
     *
     * @param codec chooses the memory for what arrives
     */
    static MethodDescriptor<ByteBuf, ByteBuf> connect(PublicationCodec codec) {
        var batches = new BatchMarshaller(codec);
        return LinksGrpc.getConnectMethod().toBuilder(batches, batches).build();
    }

    private record BatchMarshaller(PublicationCodec codec) implements MethodDescriptor.Marshaller<ByteBuf> {

        @Override
        public InputStream stream(ByteBuf batch) {
            return new BatchInput(batch);
        }

        @Override
        public ByteBuf parse(InputStream stream) {
            try {
                var batch = codec.batch(Math.max(stream.available(), CHUNK_BYTES));
                try {
                    read(stream, batch);
                    return batch.retain();
                } finally {
                    batch.release();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void read(InputStream stream, ByteBuf batch) throws IOException {
            if (stream instanceof HasByteBuffer views && views.byteBufferSupported()) {
                var view = views.getByteBuffer();
                while (view != null && view.hasRemaining()) {
                    var length = view.remaining();
                    batch.writeBytes(view);
                    stream.skipNBytes(length);
                    view = views.getByteBuffer();
                }
            }
            // All of it, or what is behind an empty part, which a peer may send.
            while (batch.writeBytes(stream, CHUNK_BYTES) >= 0) {}
        }
    }

    /** What gRPC asks of a message so that it frames it without a copy of its own in between. */
    private static final class BatchInput extends ByteBufInputStream implements KnownLength, Drainable {

        private final ByteBuf batch;

        BatchInput(ByteBuf batch) {
            super(batch);
            this.batch = batch;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            var length = batch.readableBytes();
            batch.readBytes(target, length);
            return length;
        }
    }
}
