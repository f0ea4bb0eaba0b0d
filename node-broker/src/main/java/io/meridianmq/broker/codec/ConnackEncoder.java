package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;

/** Writes CONNACK (MQTT 5, section 3.2). */
final class ConnackEncoder {

    private ConnackEncoder() {}

    static void write(ByteBuf out, ConnackPacket packet, ProtocolVersion version, Explanation explanation) {
        // The flag came with 3.1.1; in 3.1 the byte is reserved.
        var mayTell = version != ProtocolVersion.MQTT_3_1;
        out.writeByte(mayTell && packet.sessionPresent() ? 1 : 0); // [MQTT-3.2.2-1]
        if (version.hasProperties()) {
            out.writeByte(packet.reasonCode().code());
            writeProperties(out, packet.properties(), explanation);
        } else {
            out.writeByte(ConnectReturnCode.of(packet.reasonCode()));
        }
    }

    private static void writeProperties(ByteBuf out, ConnackProperties properties, Explanation explanation) {
        var at = LengthPrefix.open(out);
        PropertyWriter.writeFourByteInteger(
                out, Property.SESSION_EXPIRY_INTERVAL, properties.sessionExpiryIntervalSeconds(), Properties.ABSENT);
        PropertyWriter.writeTwoByteInteger(
                out, Property.RECEIVE_MAXIMUM, properties.receiveMaximum(), Properties.RECEIVE_MAXIMUM_DEFAULT);
        if (properties.maximumQos() != Qos.EXACTLY_ONCE) { // [MQTT-3.2.2-9]
            PropertyWriter.writeByte(
                    out, Property.MAXIMUM_QOS, properties.maximumQos().value());
        }
        PropertyWriter.writeUnlessTrue(out, Property.RETAIN_AVAILABLE, properties.retainAvailable());
        PropertyWriter.writeFourByteInteger(
                out, Property.MAXIMUM_PACKET_SIZE, properties.maximumPacketSize(), Packet.SIZE_MAX);
        PropertyWriter.writeUnlessEmpty(
                out, Property.ASSIGNED_CLIENT_IDENTIFIER, properties.assignedClientIdentifier());
        PropertyWriter.writeTwoByteInteger(out, Property.TOPIC_ALIAS_MAXIMUM, properties.topicAliasMaximum(), 0);
        PropertyWriter.writeUnlessTrue(
                out, Property.WILDCARD_SUBSCRIPTION_AVAILABLE, properties.wildcardSubscriptionAvailable());
        PropertyWriter.writeUnlessTrue(
                out, Property.SUBSCRIPTION_IDENTIFIERS_AVAILABLE, properties.subscriptionIdentifiersAvailable());
        PropertyWriter.writeUnlessTrue(
                out, Property.SHARED_SUBSCRIPTION_AVAILABLE, properties.sharedSubscriptionAvailable());
        PropertyWriter.writeTwoByteInteger(
                out, Property.SERVER_KEEP_ALIVE, properties.serverKeepAliveSeconds(), Properties.ABSENT);
        PropertyWriter.writeUnlessEmpty(out, Property.RESPONSE_INFORMATION, properties.responseInformation());
        PropertyWriter.writeUnlessEmpty(out, Property.SERVER_REFERENCE, properties.serverReference());
        PropertyWriter.writeAuthentication(out, properties.authentication());
        PropertyWriter.writeUnlessEmpty(
                out, Property.REASON_STRING, explanation.reasonString(properties.reasonString()));
        PropertyWriter.writeUserProperties(out, explanation.userProperties(properties.userProperties()));
        LengthPrefix.close(out, at);
    }
}
