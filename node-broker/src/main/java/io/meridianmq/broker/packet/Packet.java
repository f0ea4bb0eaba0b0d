package io.meridianmq.broker.packet;

/**
 * One MQTT control packet, of any version, in either direction.
 *
 * <p>All packets but {@link PublishPacket} are plain immutable values. A PUBLISH refers to the bytes it arrived in; who
 * receives one releases it.
 */
public sealed interface Packet
        permits ConnectPacket,
                ConnackPacket,
                PublishPacket,
                PubackPacket,
                PubrecPacket,
                PubrelPacket,
                PubcompPacket,
                SubscribePacket,
                SubackPacket,
                UnsubscribePacket,
                UnsubackPacket,
                PingreqPacket,
                PingrespPacket,
                DisconnectPacket,
                AuthPacket {

    /** The size in bytes that no packet exceeds: a first byte, four bytes of remaining length, and what those count. */
    int SIZE_MAX = 1 + 4 + 268_435_455;

    /** Returns which of the fifteen packets this is. */
    PacketType type();
}
