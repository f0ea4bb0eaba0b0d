package io.meridianmq.bench;

import io.meridianmq.broker.codec.PublishEncoder;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** What is published in measurements. */
public final class Messages {

    private static final long LATER_THAN_1970 = 1L << 60;

    private Messages() {}

    /** A PUBLISH without properties and with a payload of zeros, alone in its buffer, as it comes from a client. */
    public static ByteBuf frame(
            ProtocolVersion version, String topic, Qos qos, int packetIdentifier, int payloadBytes) {
        var message =
                new PublishMessage(topic, BinaryData.of(new byte[payloadBytes]), qos, false, PublishProperties.NONE);
        var out = PooledByteBufAllocator.DEFAULT.directBuffer();
        PublishEncoder.write(out, version, message, packetIdentifier, false);
        return out;
    }

    /** A message of QoS 0. */
    public static Publication publication(String topic, PublicationBytes bytes) {
        return new Publication(
                new PublicationId(7, 1, 1),
                LATER_THAN_1970,
                99,
                topic,
                Qos.AT_MOST_ONCE,
                false,
                Publication.NEVER,
                bytes);
    }
}
