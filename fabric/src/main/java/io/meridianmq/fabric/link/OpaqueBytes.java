package io.meridianmq.fabric.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A publication's bytes as they came off a link, for components that pass publications on without looking inside.
 *
 * <p>Plain heap memory: holders are not counted, the garbage collector frees it.
 *
 * @param canonical the message in the form that {@link PublicationCodec} describes
 */
public record OpaqueBytes(ByteString canonical) implements PublicationBytes {

    /** For components all of whose publications came off links: keeps the bytes as they are. */
    public static final PublicationCodec CODEC = new PublicationCodec() {
        @Override
        public int canonicalSize(Publication publication) {
            return canonical(publication).size();
        }

        @Override
        public void writeCanonical(Publication publication, ByteBuf out) {
            out.writeBytes(canonical(publication).asReadOnlyByteBuffer());
        }

        @Override
        public ByteBuf batch(int sizeBytes) {
            return Unpooled.buffer(sizeBytes);
        }

        @Override
        public PublicationBytes fromCanonical(ByteBuf canonical) {
            // A view that counts nothing: heap memory stays as long as somebody looks at it.
            return new OpaqueBytes(UnsafeByteOperations.unsafeWrap(
                    canonical.array(), canonical.arrayOffset() + canonical.readerIndex(), canonical.readableBytes()));
        }

        private static ByteString canonical(Publication publication) {
            return ((OpaqueBytes) publication.bytes()).canonical();
        }
    };

    @Override
    public int sizeBytes() {
        return canonical.size();
    }

    @Override
    public PublicationBytes share() {
        return this;
    }

    @Override
    public void release() {
        // Heap memory: nothing to give back.
    }
}
