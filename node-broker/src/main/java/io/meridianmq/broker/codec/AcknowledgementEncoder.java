package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import io.netty.buffer.ByteBuf;

/** Writes PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK (MQTT 5, sections 3.4 to 3.7, 3.9 and 3.11). */
final class AcknowledgementEncoder {

    private static final int FAILURE_BEFORE_5 = 0x80;

    private AcknowledgementEncoder() {}

    /** Writes the shortest form of one of the four acknowledgements of PUBLISH. */
    static void write(
            ByteBuf out,
            int packetIdentifier,
            ReasonCode reasonCode,
            ReasonProperties properties,
            ProtocolVersion version,
            Explanation explanation) {
        out.writeShort(packetIdentifier);
        if (!version.hasProperties()) {
            return;
        }
        var reasonString = explanation.reasonString(properties.reasonString());
        var userProperties = explanation.userProperties(properties.userProperties());
        var explained = !reasonString.isEmpty() || !userProperties.isEmpty();
        if (explained || reasonCode != ReasonCode.SUCCESS) {
            out.writeByte(reasonCode.code());
        }
        if (explained) {
            writeProperties(out, properties, explanation);
        }
    }

    /** Writes SUBACK, or UNSUBACK, which has no codes before version 5. */
    static void write(
            ByteBuf out,
            int packetIdentifier,
            Iterable<ReasonCode> reasonCodes,
            ReasonProperties properties,
            ProtocolVersion version,
            Explanation explanation) {
        out.writeShort(packetIdentifier);
        if (version.hasProperties()) {
            writeProperties(out, properties, explanation);
        }
        for (var reason : reasonCodes) {
            var failedBefore5 = !version.hasProperties() && reason.isFailure();
            out.writeByte(failedBefore5 ? FAILURE_BEFORE_5 : reason.code()); // [MQTT3-3.9.3-2]
        }
    }

    private static void writeProperties(ByteBuf out, ReasonProperties properties, Explanation explanation) {
        var at = LengthPrefix.open(out);
        PropertyWriter.writeUnlessEmpty(
                out, Property.REASON_STRING, explanation.reasonString(properties.reasonString()));
        PropertyWriter.writeUserProperties(out, explanation.userProperties(properties.userProperties()));
        LengthPrefix.close(out, at);
    }
}
