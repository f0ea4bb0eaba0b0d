package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import io.meridianmq.broker.packet.SubackPacket;
import io.meridianmq.broker.packet.UnsubackPacket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Reads SUBACK and UNSUBACK, which are laid out alike from version 5 on (MQTT 5, sections 3.9 and 3.11). */
final class SubackDecoder {

    /** 0, 1, 2 and 0x80. */
    private static final Set<ReasonCode> KNOWN_TO_MQTT_3 = EnumSet.of(
            ReasonCode.GRANTED_QOS_0, ReasonCode.GRANTED_QOS_1, ReasonCode.GRANTED_QOS_2, ReasonCode.UNSPECIFIED_ERROR);

    private SubackDecoder() {}

    static SubackPacket suback(FrameReader in, ProtocolVersion version) {
        var packetIdentifier = in.readPacketIdentifier();
        var properties =
                version.hasProperties() ? ReasonReader.readProperties(in, PacketType.SUBACK) : ReasonProperties.NONE;
        var codes = readCodes(in, PacketType.SUBACK);
        if (!version.hasProperties() && !KNOWN_TO_MQTT_3.containsAll(codes)) {
            throw ProtocolException.malformed("return codes of SUBACK are reserved: " + codes); // [MQTT3-3.9.3-2]
        }
        return new SubackPacket(packetIdentifier, codes, properties);
    }

    static UnsubackPacket unsuback(FrameReader in, ProtocolVersion version) {
        var packetIdentifier = in.readPacketIdentifier();
        if (!version.hasProperties()) {
            in.expectEnd();
            return new UnsubackPacket(packetIdentifier, List.of(), ReasonProperties.NONE);
        }
        var properties = ReasonReader.readProperties(in, PacketType.UNSUBACK);
        return new UnsubackPacket(packetIdentifier, readCodes(in, PacketType.UNSUBACK), properties);
    }

    /** The older return codes 0, 1, 2 and 0x80 are reason codes of version 5, too. */
    private static List<ReasonCode> readCodes(FrameReader in, PacketType type) {
        if (in.remaining() == 0) {
            throw ProtocolException.protocolError(type + " has no reason code");
        }
        var codes = new ArrayList<ReasonCode>();
        while (in.remaining() > 0) {
            codes.add(ReasonReader.readCode(in, type)); // [MQTT-3.9.3-2] [MQTT-3.11.3-2]
        }
        return codes;
    }
}
