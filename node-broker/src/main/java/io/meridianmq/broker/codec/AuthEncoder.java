package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.AuthPacket;
import io.netty.buffer.ByteBuf;

/** Writes AUTH (MQTT 5, section 3.15). */
final class AuthEncoder {

    private AuthEncoder() {}

    static void write(ByteBuf out, AuthPacket packet, Explanation explanation) {
        if (packet.authentication().isEmpty()) {
            return; // MQTT 5, section 3.15.2.1: the short form of Success
        }
        out.writeByte(packet.reasonCode().code());
        var at = LengthPrefix.open(out);
        PropertyWriter.writeAuthentication(out, packet.authentication());
        PropertyWriter.writeUnlessEmpty(out, Property.REASON_STRING, explanation.reasonString(packet.reasonString()));
        PropertyWriter.writeUserProperties(out, explanation.userProperties(packet.userProperties()));
        LengthPrefix.close(out, at);
    }
}
