package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;

/** Reads what acknowledgements have in common: a reason code, and what explains it. */
final class ReasonReader {

    private ReasonReader() {}

    /**
     * Reads one reason code.
     *
     * @throws ProtocolException Protocol Error if a packet of this type cannot have it [MQTT-3.4.2-1]
     */
    static ReasonCode readCode(FrameReader in, PacketType packet) {
        var code = in.readByte();
        var reason = ReasonCode.find(code);
        if (reason.isEmpty() || !reason.get().isAllowedIn(packet)) {
            throw ProtocolException.protocolError("reason code " + code + " is not allowed in " + packet);
        }
        return reason.get();
    }

    /** Reads properties that are a reason string and user properties. */
    static ReasonProperties readProperties(FrameReader in, PacketType packet) {
        var properties = new PropertyReader(packet.name(), in);
        var reasonString = "";
        while (properties.next()) {
            switch (properties.identifier()) {
                case Property.REASON_STRING -> reasonString = properties.readString();
                case Property.USER_PROPERTY -> properties.keepUserProperty();
                default -> throw properties.notAllowed();
            }
        }
        var userProperties = properties.userProperties();
        return reasonString.isEmpty() && userProperties.isEmpty()
                ? ReasonProperties.NONE
                : new ReasonProperties(reasonString, userProperties);
    }
}
