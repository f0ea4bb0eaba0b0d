package io.meridianmq.broker.packet;

/** A client shows that it is alive (MQTT 5, section 3.12). */
public record PingreqPacket() implements Packet {

    /** All of them are alike. */
    public static final PingreqPacket INSTANCE = new PingreqPacket();

    @Override
    public PacketType type() {
        return PacketType.PINGREQ;
    }
}
