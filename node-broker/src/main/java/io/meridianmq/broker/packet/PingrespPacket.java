package io.meridianmq.broker.packet;

/** The answer to PINGREQ (MQTT 5, section 3.13). */
public record PingrespPacket() implements Packet {

    /** All of them are alike. */
    public static final PingrespPacket INSTANCE = new PingrespPacket();

    @Override
    public PacketType type() {
        return PacketType.PINGRESP;
    }
}
