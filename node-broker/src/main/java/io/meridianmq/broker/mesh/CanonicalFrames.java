package io.meridianmq.broker.mesh;

import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.fabric.link.PublicationCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** Messages on links as canonical PUBLISH packets. Belongs to the mesh thread. */
public final class CanonicalFrames implements PublicationCodec {

    private final TopicCache topics = new TopicCache();

    @Override
    public int canonicalSize(Publication publication) {
        return frame(publication).canonicalSize();
    }

    @Override
    public void writeCanonical(Publication publication, ByteBuf out) {
        frame(publication).writeCanonical(out);
    }

    /** Outside the heap, so that subscribers' channels send the messages of the batch from where they are. */
    @Override
    public ByteBuf batch(int sizeBytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(sizeBytes);
    }

    @Override
    public PublicationBytes fromCanonical(ByteBuf canonical) {
        try {
            return PublishFrame.ofCanonical(canonical, topics);
        } catch (ProtocolException e) {
            throw new IllegalArgumentException("not a canonical PUBLISH packet: " + e.getMessage(), e);
        }
    }

    private static PublishFrame frame(Publication publication) {
        return (PublishFrame) publication.bytes();
    }
}
