package io.meridianmq.broker.packet;

/**
 * A QoS 1 publication has been taken over by its receiver (MQTT 5, section 3.4).
 *
 * @param packetIdentifier that of the PUBLISH, 1 to 65,535
 * @param reasonCode always {@link ReasonCode#SUCCESS} before version 5
 * @param properties those of version 5
 */
public record PubackPacket(int packetIdentifier, ReasonCode reasonCode, ReasonProperties properties) implements Packet {

    /** Nothing to explain. */
    public PubackPacket(int packetIdentifier, ReasonCode reasonCode) {
        this(packetIdentifier, reasonCode, ReasonProperties.NONE);
    }

    @Override
    public PacketType type() {
        return PacketType.PUBACK;
    }
}
