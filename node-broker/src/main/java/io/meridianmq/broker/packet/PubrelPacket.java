package io.meridianmq.broker.packet;

/**
 * The sender of a QoS 2 publication lets its packet identifier go (MQTT 5, section 3.6).
 *
 * @param packetIdentifier that of the PUBLISH, 1 to 65,535
 * @param reasonCode always {@link ReasonCode#SUCCESS} before version 5
 * @param properties those of version 5
 */
public record PubrelPacket(int packetIdentifier, ReasonCode reasonCode, ReasonProperties properties) implements Packet {

    /** Nothing to explain. */
    public PubrelPacket(int packetIdentifier, ReasonCode reasonCode) {
        this(packetIdentifier, reasonCode, ReasonProperties.NONE);
    }

    @Override
    public PacketType type() {
        return PacketType.PUBREL;
    }
}
