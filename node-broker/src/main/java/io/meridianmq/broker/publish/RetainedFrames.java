package io.meridianmq.broker.publish;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.retained.RetainedBytes;
import io.meridianmq.retained.RetainedEntry;
import io.meridianmq.retained.RetainedMessage;
import io.meridianmq.retained.RetainedTombstone;
import io.meridianmq.retained.warm.PutOutcome;
import io.meridianmq.retained.warm.WarmTier;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Retained messages as the disk has them and as publications. Any thread. */
final class RetainedFrames {

    private RetainedFrames() {}

    /**
     * Whether a PUBLISH clears its topic: it has no payload. [MQTT-3.3.1-6]
     * [MQTT-3.3.1-7] [MQTT3-3.3.1-10] [MQTT3-3.3.1-11]
     */
    static boolean isClear(Publication publication) {
        return ((PublishFrame) publication.bytes()).payloadLength() == 0;
    }

    /**
     * Writes a publication to the disk.
     *
     * @return as {@link WarmTier#put}
     */
    static boolean put(WarmTier warm, Publication publication, Consumer<PutOutcome> listener) {
        return isClear(publication)
                ? warm.clear(publication.topic(), RetainedVersion.of(publication), listener)
                : warm.put(message(publication), listener);
    }

    /** What the disk has, as a publication with one share for the caller; a tombstone has an empty payload. */
    static Publication publication(RetainedEntry entry, TopicCache topics) {
        return switch (entry) {
            case RetainedMessage message -> publication(message, topics);
            case RetainedTombstone(var topic, var version) ->
                new Publication(
                        version.id(),
                        version.timestamp(),
                        0,
                        topic,
                        Qos.AT_MOST_ONCE,
                        true,
                        Publication.NEVER,
                        PublishFrame.of(nothing(topic), PooledByteBufAllocator.DEFAULT));
        };
    }

    private static PublishMessage nothing(String topic) {
        return new PublishMessage(topic, BinaryData.EMPTY, Qos.AT_MOST_ONCE, true, PublishProperties.NONE);
    }

    private static RetainedMessage message(Publication publication) {
        var frame = (PublishFrame) publication.bytes();
        var bytes = new byte[frame.canonicalSize()];
        frame.writeCanonical(Unpooled.wrappedBuffer(bytes).clear());
        return new RetainedMessage(
                publication.topic(),
                publication.timestamp(),
                publication.publisherHash(),
                publication.id(),
                publication.qos(),
                publication.expiresAtMillis(),
                RetainedBytes.wrap(bytes, 0));
    }

    private static Publication publication(RetainedMessage message, TopicCache topics) {
        var frame =
                PublishFrame.ofCanonical(Unpooled.wrappedBuffer(message.bytes().asByteBuffer()), topics);
        return new Publication(
                message.id(),
                message.timestamp(),
                message.publisherHash(),
                message.topic(),
                message.qos(),
                true,
                message.expiresAtMillis(),
                frame);
    }
}
