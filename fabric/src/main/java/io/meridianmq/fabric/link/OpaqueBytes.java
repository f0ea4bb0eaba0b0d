package io.meridianmq.fabric.link;

import com.google.protobuf.ByteString;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;

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
        public ByteString toCanonical(Publication publication) {
            return ((OpaqueBytes) publication.bytes()).canonical();
        }

        @Override
        public PublicationBytes fromCanonical(ByteString canonical) {
            return new OpaqueBytes(canonical);
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
