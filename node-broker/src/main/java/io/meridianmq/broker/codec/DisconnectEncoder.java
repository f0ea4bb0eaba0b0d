package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import io.netty.buffer.ByteBuf;

/** Writes DISCONNECT (MQTT 5, section 3.14). */
final class DisconnectEncoder {

    private DisconnectEncoder() {}

    static void write(ByteBuf out, DisconnectPacket packet, ProtocolVersion version, Explanation explanation) {
        if (!version.hasProperties()) {
            return;
        }
        var properties = packet.properties();
        var start = out.writerIndex();
        out.writeByte(packet.reasonCode().code());
        var at = LengthPrefix.open(out);
        PropertyWriter.writeFourByteInteger(
                out, Property.SESSION_EXPIRY_INTERVAL, properties.sessionExpiryIntervalSeconds(), Properties.ABSENT);
        PropertyWriter.writeUnlessEmpty(out, Property.SERVER_REFERENCE, properties.serverReference());
        PropertyWriter.writeUnlessEmpty(
                out, Property.REASON_STRING, explanation.reasonString(properties.reasonString()));
        PropertyWriter.writeUserProperties(out, explanation.userProperties(properties.userProperties()));
        if (out.writerIndex() > at + 1) {
            LengthPrefix.close(out, at);
        } else { // MQTT 5, section 3.14.2: no properties, no length; and Normal disconnection goes without saying
            out.writerIndex(packet.reasonCode() == ReasonCode.NORMAL_DISCONNECTION ? start : at);
        }
    }
}
