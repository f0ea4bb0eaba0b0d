package io.meridianmq.broker.packet;

import java.util.List;

/**
 * What became of each subscription (MQTT 5, section 3.9).
 *
 * @param packetIdentifier that of the request, 1 to 65,535
 * @param reasonCodes one for each subscription, in the same order [MQTT-3.9.3-1] [MQTT3-3.9.3-1]
 * @param properties those of version 5
 */
public record SubackPacket(int packetIdentifier, List<ReasonCode> reasonCodes, ReasonProperties properties)
        implements Packet {

    public SubackPacket {
        reasonCodes = List.copyOf(reasonCodes);
    }

    @Override
    public PacketType type() {
        return PacketType.SUBACK;
    }
}
