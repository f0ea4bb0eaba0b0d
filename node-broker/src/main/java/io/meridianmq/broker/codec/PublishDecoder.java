package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.netty.buffer.ByteBuf;

/**
 * Reads PUBLISH (MQTT 5, section 3.3): checks every byte but the payload, copies none, and keeps a slice of the frame.
 * Any thread.
 */
final class PublishDecoder {

    private static final int DUPLICATE = 0b1000;

    private static final PublishDecoder OF_CLIENTS = new PublishDecoder(Sender.CLIENT);
    private static final PublishDecoder OF_SERVERS = new PublishDecoder(Sender.SERVER);

    private final Sender sender;

    private PublishDecoder(Sender sender) {
        this.sender = sender;
    }

    /** For what this end of a connection sends. */
    static PublishDecoder of(Sender sender) {
        return switch (sender) {
            case CLIENT -> OF_CLIENTS;
            case SERVER -> OF_SERVERS;
        };
    }

    /**
     * Reads the frame that stands at the reader index, which does not move. The packet holds a reference of its own.
     *
     * @param topics what the connection remembers of topics
     * @param headerLength how many bytes first byte and remaining length take
     * @param frameLength how many bytes the whole packet takes
     */
    PublishPacket decode(ByteBuf in, TopicCache topics, int headerLength, int frameLength, ProtocolVersion version) {
        var start = in.readerIndex();
        var firstByte = in.getByte(start);
        var qos = qos(firstByte);
        var reader = new FrameReader(in, start + headerLength, start + frameLength);
        var topicLength = reader.readTwoByteInteger();
        var topicStart = reader.index();
        reader.skip(topicLength);
        var packetIdentifier = qos > 0 ? reader.readPacketIdentifier() : 0; // [MQTT-2.2.1-2] [MQTT3-2.3.1-5]
        var propertiesLength = version.hasProperties() ? reader.readVariableByteInteger() : 0;
        var propertiesStart = reader.index();
        var topicAlias = 0;
        var messageExpiryIntervalSeconds = (long) Properties.ABSENT;
        var hasSubscriptionIdentifiers = false;
        if (propertiesLength > 0) {
            var properties = new PropertyReader("PUBLISH", reader, propertiesLength);
            while (properties.next()) {
                switch (properties.identifier()) {
                    case Property.PAYLOAD_FORMAT_INDICATOR -> properties.readFlag();
                    case Property.MESSAGE_EXPIRY_INTERVAL ->
                        messageExpiryIntervalSeconds = properties.readFourByteInteger();
                    case Property.TOPIC_ALIAS -> topicAlias = properties.readTopicAlias();
                    case Property.RESPONSE_TOPIC -> properties.readTopicName(); // [MQTT-3.3.2-13] [MQTT-3.3.2-14]
                    case Property.CORRELATION_DATA -> properties.skipBinaryData();
                    case Property.USER_PROPERTY -> properties.skipUserProperty();
                    case Property.SUBSCRIPTION_IDENTIFIER -> {
                        properties.readSubscriptionIdentifier();
                        hasSubscriptionIdentifiers = true;
                    }
                    case Property.CONTENT_TYPE -> properties.skipString(); // [MQTT-3.3.2-19]
                    default -> throw properties.notAllowed();
                }
            }
        }
        if (hasSubscriptionIdentifiers && sender == Sender.CLIENT) {
            throw ProtocolException.protocolError(
                    "a client may not send a subscription identifier in PUBLISH"); // [MQTT-3.3.4-6]
        }
        var topic = topic(in, topics, topicStart, topicLength, topicAlias, version);
        return new PublishPacket(
                version,
                firstByte,
                in.retainedSlice(start, frameLength),
                topic,
                topicStart - start,
                topicLength,
                packetIdentifier,
                propertiesStart - start,
                propertiesLength,
                topicAlias,
                messageExpiryIntervalSeconds,
                hasSubscriptionIdentifiers);
    }

    private static int qos(byte firstByte) {
        var qos = (firstByte >> 1) & 0b11;
        if (qos == 3) {
            throw ProtocolException.malformed("QoS 3 is not allowed"); // [MQTT-3.3.1-4] [MQTT3-3.3.1-4]
        }
        if (qos == 0 && (firstByte & DUPLICATE) != 0) {
            throw ProtocolException.malformed("DUP is not allowed with QoS 0"); // [MQTT-3.3.1-2] [MQTT3-3.3.1-2]
        }
        return qos;
    }

    private String topic(
            ByteBuf in, TopicCache topics, int start, int length, int topicAlias, ProtocolVersion version) {
        if (length > 0) {
            return topics.topic(in, start, length);
        }
        if (!version.hasProperties()) {
            throw new ProtocolException(ReasonCode.TOPIC_NAME_INVALID, "the topic name is empty"); // [MQTT3-4.7.3-1]
        }
        if (topicAlias == 0) {
            throw ProtocolException.protocolError(
                    "PUBLISH has neither a topic name nor a topic alias"); // MQTT 5, section 3.3.2.1
        }
        return "";
    }
}
