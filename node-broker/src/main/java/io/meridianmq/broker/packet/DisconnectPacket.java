package io.meridianmq.broker.packet;

/**
 * The last packet on a connection (MQTT 5, section 3.14). Before version 5 only a client sends it, and without a reason.
 *
 * @param reasonCode why
 * @param properties those of version 5
 */
public record DisconnectPacket(ReasonCode reasonCode, DisconnectProperties properties) implements Packet {

    @Override
    public PacketType type() {
        return PacketType.DISCONNECT;
    }
}
