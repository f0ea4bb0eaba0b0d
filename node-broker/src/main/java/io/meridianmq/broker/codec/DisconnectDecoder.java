package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.DisconnectProperties;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import java.util.EnumSet;
import java.util.Set;

/** Reads DISCONNECT (MQTT 5, section 3.14). */
final class DisconnectDecoder {

    /** What a client may say (MQTT 5, section 3.14.2.1). */
    private static final Set<ReasonCode> FROM_CLIENT = EnumSet.of(
            ReasonCode.NORMAL_DISCONNECTION,
            ReasonCode.DISCONNECT_WITH_WILL_MESSAGE,
            ReasonCode.UNSPECIFIED_ERROR,
            ReasonCode.MALFORMED_PACKET,
            ReasonCode.PROTOCOL_ERROR,
            ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
            ReasonCode.BAD_AUTHENTICATION_METHOD,
            ReasonCode.TOPIC_NAME_INVALID,
            ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
            ReasonCode.TOPIC_ALIAS_INVALID,
            ReasonCode.PACKET_TOO_LARGE,
            ReasonCode.MESSAGE_RATE_TOO_HIGH,
            ReasonCode.QUOTA_EXCEEDED,
            ReasonCode.ADMINISTRATIVE_ACTION,
            ReasonCode.PAYLOAD_FORMAT_INVALID);

    private DisconnectDecoder() {}

    static DisconnectPacket decode(FrameReader in, ProtocolVersion version, Sender sender) {
        var reasonCode = ReasonCode.NORMAL_DISCONNECTION;
        var properties = DisconnectProperties.NONE;
        if (version.hasProperties() && in.remaining() > 0) { // MQTT 5, section 3.14.2.1: left out means 0x00
            reasonCode = ReasonReader.readCode(in, PacketType.DISCONNECT);
            checkSender(reasonCode, sender);
            if (in.remaining() > 0) {
                properties = readProperties(in, sender);
            }
        }
        in.expectEnd();
        return new DisconnectPacket(reasonCode, properties);
    }

    private static void checkSender(ReasonCode reasonCode, Sender sender) {
        var allowed = switch (sender) {
            case CLIENT -> FROM_CLIENT.contains(reasonCode);
            case SERVER -> reasonCode != ReasonCode.DISCONNECT_WITH_WILL_MESSAGE;
        };
        if (!allowed) {
            throw ProtocolException.protocolError( // [MQTT-3.14.2-1]
                    "reason code " + reasonCode + " is not for a DISCONNECT from a " + sender);
        }
    }

    private static DisconnectProperties readProperties(FrameReader in, Sender sender) {
        var properties = new PropertyReader("DISCONNECT", in);
        var sessionExpiryIntervalSeconds = (long) Properties.ABSENT;
        var reasonString = "";
        var serverReference = "";
        while (properties.next()) {
            switch (properties.identifier()) {
                case Property.SESSION_EXPIRY_INTERVAL ->
                    sessionExpiryIntervalSeconds = properties.readFourByteInteger();
                case Property.REASON_STRING -> reasonString = properties.readString();
                case Property.USER_PROPERTY -> properties.keepUserProperty();
                case Property.SERVER_REFERENCE -> serverReference = properties.readString();
                default -> throw properties.notAllowed();
            }
        }
        var wrongEnd = switch (sender) {
            case CLIENT -> properties.hasSeen(Property.SERVER_REFERENCE);
            case SERVER -> properties.hasSeen(Property.SESSION_EXPIRY_INTERVAL);
        };
        if (wrongEnd) {
            throw ProtocolException.protocolError( // [MQTT-3.14.2-2], MQTT 5, section 3.14.2.2.5
                    sender == Sender.CLIENT
                            ? "a client may not send a server reference in DISCONNECT"
                            : "a server may not send a session expiry interval in DISCONNECT");
        }
        return new DisconnectProperties(
                sessionExpiryIntervalSeconds, reasonString, properties.userProperties(), serverReference);
    }
}
