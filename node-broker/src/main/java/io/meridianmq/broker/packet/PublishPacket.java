package io.meridianmq.broker.packet;

import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;

/**
 * A PUBLISH in the bytes it arrived in (MQTT 5, section 3.3): the frame and where its parts are.
 *
 * <p>The packet holds one reference to the frame; who receives the packet owes one {@link #release()}. Positions count
 * from the start of the frame. All bytes have been validated; the properties stay bytes until somebody asks for them.
 *
 * @param version version of the connection, which tells how the frame is laid out
 * @param firstByte the first one of the frame: type and flags
 * @param frame the whole packet from its first byte on; reader index 0
 * @param topic topic name; empty if the packet has only a topic alias
 * @param topicStart where the bytes of the topic name begin, behind their length
 * @param topicLength how many bytes the topic name has; 0 if the packet has only a topic alias
 * @param packetIdentifier 1 to 65,535; 0 at QoS 0
 * @param propertiesStart where the properties begin, behind their length; before version 5 where the payload begins
 * @param propertiesLength how many bytes the properties have
 * @param topicAlias 1 to 65,535, or 0 for none
 * @param messageExpiryIntervalSeconds lifetime from arrival; {@link Properties#ABSENT} for no end
 * @param hasSubscriptionIdentifiers whether it came from a server that named the matching subscriptions
 */
public record PublishPacket(
        ProtocolVersion version,
        byte firstByte,
        ByteBuf frame,
        String topic,
        int topicStart,
        int topicLength,
        int packetIdentifier,
        int propertiesStart,
        int propertiesLength,
        int topicAlias,
        long messageExpiryIntervalSeconds,
        boolean hasSubscriptionIdentifiers)
        implements Packet {

    private static final int DUPLICATE = 0b1000;
    private static final int RETAIN = 0b0001;

    @Override
    public PacketType type() {
        return PacketType.PUBLISH;
    }

    /** Returns the quality of service that the publisher chose. */
    public Qos qos() {
        return Qos.of((firstByte >> 1) & 0b11);
    }

    /** Whether the sender may have sent it before. */
    public boolean duplicate() {
        return (firstByte & DUPLICATE) != 0;
    }

    /** Whether the publisher wants it kept, or, from a server, whether it was. */
    public boolean retain() {
        return (firstByte & RETAIN) != 0;
    }

    /** Returns where the payload begins; it reaches to the end of the frame. */
    public int payloadStart() {
        return propertiesStart + propertiesLength;
    }

    /** Returns the number of bytes of the payload. */
    public int payloadLength() {
        return frame.writerIndex() - payloadStart();
    }

    /** Whether properties must be taken out before anybody else gets the frame. */
    public boolean hasPropertiesToReplace() {
        return topicAlias != 0 || messageExpiryIntervalSeconds != Properties.ABSENT || hasSubscriptionIdentifiers;
    }

    /** Returns the same bytes under the topic that the sender's topic alias stands for. The reference moves along. */
    public PublishPacket withTopic(String resolved) {
        return new PublishPacket(
                version,
                firstByte,
                frame,
                resolved,
                topicStart,
                topicLength,
                packetIdentifier,
                propertiesStart,
                propertiesLength,
                topicAlias,
                messageExpiryIntervalSeconds,
                hasSubscriptionIdentifiers);
    }

    /** Returns the same packet over a copy of its frame. */
    public PublishPacket withFrame(ByteBuf copy) {
        return new PublishPacket(
                version,
                firstByte,
                copy,
                topic,
                topicStart,
                topicLength,
                packetIdentifier,
                propertiesStart,
                propertiesLength,
                topicAlias,
                messageExpiryIntervalSeconds,
                hasSubscriptionIdentifiers);
    }

    /** Gives the reference to the frame back. */
    public void release() {
        frame.release();
    }

    /** Leaves the payload out. */
    @Override
    public String toString() {
        return "PUBLISH[" + topic + ", " + qos() + (retain() ? ", retain" : "") + (duplicate() ? ", duplicate" : "")
                + (packetIdentifier == 0 ? "" : ", packet identifier " + packetIdentifier) + ", " + payloadLength()
                + " bytes]";
    }
}
