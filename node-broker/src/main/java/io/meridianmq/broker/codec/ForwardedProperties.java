package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.PublishPacket;
import java.util.Arrays;

/**
 * The properties of a PUBLISH that every receiver gets unaltered and in order, as bytes. [MQTT-3.3.2-4] [MQTT-3.3.2-15]
 * [MQTT-3.3.2-16] [MQTT-3.3.2-17] [MQTT-3.3.2-18] [MQTT-3.3.2-20] What belongs to one hop is left out: topic alias,
 * message expiry interval, subscription identifiers.
 */
final class ForwardedProperties {

    private ForwardedProperties() {}

    /** Copies them out of a packet that has been decoded. */
    static byte[] copy(PublishPacket packet) {
        var start = packet.propertiesStart();
        var in = new FrameReader(packet.frame(), start, start + packet.propertiesLength());
        var kept = new byte[packet.propertiesLength()];
        var length = 0;
        while (in.remaining() > 0) {
            var from = in.index();
            if (skip(in)) { // [MQTT-3.3.2-17] [MQTT-3.3.2-18]
                var size = in.index() - from;
                packet.frame().getBytes(from, kept, length, size);
                length += size;
            }
        }
        return Arrays.copyOf(kept, length);
    }

    /** Passes one property by and returns whether it is forwarded. */
    private static boolean skip(FrameReader in) {
        var identifier = in.readVariableByteInteger();
        switch (identifier) {
            case Property.MESSAGE_EXPIRY_INTERVAL -> in.skip(4);
            case Property.TOPIC_ALIAS -> in.skip(2);
            case Property.SUBSCRIPTION_IDENTIFIER -> in.readVariableByteInteger();
            case Property.PAYLOAD_FORMAT_INDICATOR -> in.skip(1);
            case Property.USER_PROPERTY -> {
                in.skip(in.readTwoByteInteger());
                in.skip(in.readTwoByteInteger());
            }
            case Property.CONTENT_TYPE, Property.RESPONSE_TOPIC, Property.CORRELATION_DATA ->
                in.skip(in.readTwoByteInteger());
            default -> throw new AssertionError("property " + identifier + " passed the decoder of PUBLISH");
        }
        return switch (identifier) {
            case Property.MESSAGE_EXPIRY_INTERVAL, Property.TOPIC_ALIAS, Property.SUBSCRIPTION_IDENTIFIER -> false;
            default -> true;
        };
    }
}
