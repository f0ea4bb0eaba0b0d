package io.meridianmq.broker.packet;

/**
 * The server's answer to CONNECT (MQTT 5, section 3.2).
 *
 * @param sessionPresent whether the server has state of this client; false with a failure [MQTT-3.2.2-6]
 * @param reasonCode whether and why not the client is connected
 * @param properties those of version 5
 */
public record ConnackPacket(boolean sessionPresent, ReasonCode reasonCode, ConnackProperties properties)
        implements Packet {

    public ConnackPacket {
        if (sessionPresent && reasonCode.isFailure()) {
            throw new IllegalArgumentException(
                    "a CONNACK that refuses (" + reasonCode + ") cannot say that a session is present");
        }
    }

    @Override
    public PacketType type() {
        return PacketType.CONNACK;
    }
}
