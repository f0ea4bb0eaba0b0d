package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.PublishProperties;
import io.netty.buffer.ByteBuf;

/** Writes the properties that PUBLISH and wills have in common, and those of PUBLISH (MQTT 5, section 3.3.2.3). */
final class PublishPropertiesEncoder {

    private PublishPropertiesEncoder() {}

    static void write(ByteBuf out, PublishProperties properties) {
        if (properties.payloadFormatIndicator() != Properties.ABSENT) {
            PropertyWriter.writeByte(out, Property.PAYLOAD_FORMAT_INDICATOR, properties.payloadFormatIndicator());
        }
        PropertyWriter.writeFourByteInteger(
                out, Property.MESSAGE_EXPIRY_INTERVAL, properties.messageExpiryIntervalSeconds(), Properties.ABSENT);
        PropertyWriter.writeTwoByteInteger(out, Property.TOPIC_ALIAS, properties.topicAlias(), 0);
        PropertyWriter.writeUnlessEmpty(out, Property.RESPONSE_TOPIC, properties.responseTopic());
        properties
                .correlationData()
                .ifPresent(data -> PropertyWriter.writeBinaryData(out, Property.CORRELATION_DATA, data));
        PropertyWriter.writeUserProperties(out, properties.userProperties());
        for (var identifier : properties.subscriptionIdentifiers()) {
            PropertyWriter.writeVariableByteInteger(out, Property.SUBSCRIPTION_IDENTIFIER, identifier);
        }
        properties.contentType().ifPresent(type -> PropertyWriter.writeString(out, Property.CONTENT_TYPE, type));
    }
}
