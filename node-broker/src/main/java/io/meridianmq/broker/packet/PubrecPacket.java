package io.meridianmq.broker.packet;

/**
 * A QoS 2 publication has been received: the first of its three answers (MQTT 5, section 3.5).
 *
 * @param packetIdentifier that of the PUBLISH, 1 to 65,535
 * @param reasonCode always {@link ReasonCode#SUCCESS} before version 5
 * @param properties those of version 5
 */
public record PubrecPacket(int packetIdentifier, ReasonCode reasonCode, ReasonProperties properties) implements Packet {

    /** Nothing to explain. */
    public PubrecPacket(int packetIdentifier, ReasonCode reasonCode) {
        this(packetIdentifier, reasonCode, ReasonProperties.NONE);
    }

    @Override
    public PacketType type() {
        return PacketType.PUBREC;
    }
}
