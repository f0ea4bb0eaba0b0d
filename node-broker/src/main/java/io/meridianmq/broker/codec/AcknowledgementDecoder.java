package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;

/** Reads PUBACK, PUBREC, PUBREL and PUBCOMP, which are laid out alike (MQTT 5, sections 3.4 to 3.7). */
final class AcknowledgementDecoder {

    /** Makes one of the four packets. */
    @FunctionalInterface
    private interface Maker {
        Packet make(int packetIdentifier, ReasonCode reasonCode, ReasonProperties properties);
    }

    private AcknowledgementDecoder() {}

    static Packet puback(FrameReader in, ProtocolVersion version) {
        return decode(in, version, PacketType.PUBACK, PubackPacket::new);
    }

    static Packet pubrec(FrameReader in, ProtocolVersion version) {
        return decode(in, version, PacketType.PUBREC, PubrecPacket::new);
    }

    static Packet pubrel(FrameReader in, ProtocolVersion version) {
        return decode(in, version, PacketType.PUBREL, PubrelPacket::new);
    }

    static Packet pubcomp(FrameReader in, ProtocolVersion version) {
        return decode(in, version, PacketType.PUBCOMP, PubcompPacket::new);
    }

    private static Packet decode(FrameReader in, ProtocolVersion version, PacketType type, Maker maker) {
        var packetIdentifier = in.readPacketIdentifier();
        var reasonCode = ReasonCode.SUCCESS;
        var properties = ReasonProperties.NONE;
        if (version.hasProperties() && in.remaining() > 0) { // MQTT 5, section 3.4.2.1: left out means Success
            reasonCode = ReasonReader.readCode(in, type); // [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1]
            if (in.remaining() > 0) {
                properties = ReasonReader.readProperties(in, type);
            }
        }
        in.expectEnd();
        return maker.make(packetIdentifier, reasonCode, properties);
    }
}
