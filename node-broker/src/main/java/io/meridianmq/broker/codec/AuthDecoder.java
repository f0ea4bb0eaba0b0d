package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.ReasonCode;
import java.util.List;
import java.util.Optional;

/** Reads AUTH (MQTT 5, section 3.15). */
final class AuthDecoder {

    private AuthDecoder() {}

    static AuthPacket decode(FrameReader in, Sender sender) {
        if (in.remaining() == 0) { // MQTT 5, section 3.15.2.1: the short form of Success
            checkSender(ReasonCode.SUCCESS, sender);
            return new AuthPacket(ReasonCode.SUCCESS, Optional.empty(), "", List.of());
        }
        var reasonCode = ReasonReader.readCode(in, PacketType.AUTH);
        checkSender(reasonCode, sender);
        var packet = readProperties(in, reasonCode);
        in.expectEnd();
        return packet;
    }

    private static void checkSender(ReasonCode reasonCode, Sender sender) {
        var notAllowed = switch (sender) {
            case CLIENT -> ReasonCode.SUCCESS;
            case SERVER -> ReasonCode.RE_AUTHENTICATE;
        };
        if (reasonCode == notAllowed) {
            throw ProtocolException.protocolError( // [MQTT-3.15.2-1]
                    "reason code " + reasonCode + " is not for an AUTH from a " + sender);
        }
    }

    private static AuthPacket readProperties(FrameReader in, ReasonCode reasonCode) {
        var properties = new PropertyReader("AUTH", in);
        var authentication = new AuthenticationReader();
        var reasonString = "";
        while (properties.next()) {
            switch (properties.identifier()) {
                case Property.AUTHENTICATION_METHOD -> authentication.readMethod(properties);
                case Property.AUTHENTICATION_DATA -> authentication.readData(properties);
                case Property.REASON_STRING -> reasonString = properties.readString();
                case Property.USER_PROPERTY -> properties.keepUserProperty();
                default -> throw properties.notAllowed();
            }
        }
        var step = authentication.finish(properties);
        if (step.isEmpty()) {
            throw ProtocolException.protocolError("AUTH has no authentication method"); // MQTT 5, section 3.15.2.2.2
        }
        return new AuthPacket(reasonCode, step, reasonString, properties.userProperties());
    }
}
