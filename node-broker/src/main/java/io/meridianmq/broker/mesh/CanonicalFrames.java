package io.meridianmq.broker.mesh;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.fabric.link.PublicationCodec;
import io.netty.buffer.Unpooled;

/** Messages on links as canonical PUBLISH packets. Belongs to the mesh thread. */
public final class CanonicalFrames implements PublicationCodec {

    private final TopicCache topics = new TopicCache();

    @Override
    public ByteString toCanonical(Publication publication) {
        var frame = (PublishFrame) publication.bytes();
        var bytes = new byte[frame.canonicalSize()];
        frame.writeCanonical(Unpooled.wrappedBuffer(bytes).clear());
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    @Override
    public PublicationBytes fromCanonical(ByteString canonical) {
        try {
            return PublishFrame.ofCanonical(Unpooled.wrappedBuffer(canonical.asReadOnlyByteBuffer()), topics);
        } catch (ProtocolException e) {
            throw new IllegalArgumentException("not a canonical PUBLISH packet: " + e.getMessage(), e);
        }
    }
}
