package io.meridianmq.broker.packet;

import java.util.List;

/**
 * What became of each filter of an UNSUBSCRIBE (MQTT 5, section 3.11).
 *
 * @param packetIdentifier that of the request, 1 to 65,535
 * @param reasonCodes one for each filter, in the same order [MQTT-3.11.3-1]; empty before version 5
 * @param properties those of version 5
 */
public record UnsubackPacket(int packetIdentifier, List<ReasonCode> reasonCodes, ReasonProperties properties)
        implements Packet {

    public UnsubackPacket {
        reasonCodes = List.copyOf(reasonCodes);
    }

    @Override
    public PacketType type() {
        return PacketType.UNSUBACK;
    }
}
