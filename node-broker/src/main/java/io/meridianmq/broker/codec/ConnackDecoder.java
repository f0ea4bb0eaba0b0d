package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.PacketType;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.core.publication.Qos;

/** Reads CONNACK (MQTT 5, section 3.2). */
final class ConnackDecoder {

    private ConnackDecoder() {}

    static ConnackPacket decode(FrameReader in, ProtocolVersion version) {
        var flags = in.readByte();
        if (flags > 1) {
            throw ProtocolException.malformed("reserved flags of CONNACK are set"); // [MQTT-3.2.2-1]
        }
        var sessionPresent = flags == 1 && version != ProtocolVersion.MQTT_3_1; // There the byte has no meaning.
        var reasonCode = version.hasProperties()
                ? ReasonReader.readCode(in, PacketType.CONNACK) // [MQTT-3.2.2-8]
                : ConnectReturnCode.toReason(in.readByte());
        if (sessionPresent && reasonCode.isFailure()) {
            throw ProtocolException.protocolError("a refusal with a session present"); // [MQTT-3.2.2-6]
        }
        var properties = version.hasProperties() ? readProperties(in) : ConnackProperties.NONE;
        in.expectEnd();
        return new ConnackPacket(sessionPresent, reasonCode, properties);
    }

    private static ConnackProperties readProperties(FrameReader in) {
        var properties = new PropertyReader("CONNACK", in);
        var authentication = new AuthenticationReader();
        var result = ConnackProperties.builder();
        while (properties.next()) {
            switch (properties.identifier()) {
                case Property.SESSION_EXPIRY_INTERVAL ->
                    result.sessionExpiryIntervalSeconds(properties.readFourByteInteger());
                case Property.RECEIVE_MAXIMUM -> result.receiveMaximum(properties.readPositiveTwoByteInteger());
                case Property.MAXIMUM_QOS ->
                    result.maximumQos(properties.readFlag() ? Qos.AT_LEAST_ONCE : Qos.AT_MOST_ONCE);
                case Property.RETAIN_AVAILABLE -> result.retainAvailable(properties.readFlag());
                case Property.MAXIMUM_PACKET_SIZE -> result.maximumPacketSize(properties.readMaximumPacketSize());
                case Property.ASSIGNED_CLIENT_IDENTIFIER -> result.assignedClientIdentifier(properties.readString());
                case Property.TOPIC_ALIAS_MAXIMUM -> result.topicAliasMaximum(properties.readTwoByteInteger());
                case Property.REASON_STRING -> result.reasonString(properties.readString());
                case Property.USER_PROPERTY -> properties.keepUserProperty();
                case Property.WILDCARD_SUBSCRIPTION_AVAILABLE ->
                    result.wildcardSubscriptionAvailable(properties.readFlag());
                case Property.SUBSCRIPTION_IDENTIFIERS_AVAILABLE ->
                    result.subscriptionIdentifiersAvailable(properties.readFlag());
                case Property.SHARED_SUBSCRIPTION_AVAILABLE ->
                    result.sharedSubscriptionAvailable(properties.readFlag());
                case Property.SERVER_KEEP_ALIVE -> result.serverKeepAliveSeconds(properties.readTwoByteInteger());
                case Property.RESPONSE_INFORMATION -> result.responseInformation(properties.readString());
                case Property.SERVER_REFERENCE -> result.serverReference(properties.readString());
                case Property.AUTHENTICATION_METHOD -> authentication.readMethod(properties);
                case Property.AUTHENTICATION_DATA -> authentication.readData(properties);
                default -> throw properties.notAllowed();
            }
        }
        authentication.finish(properties).ifPresent(result::authentication);
        return result.userProperties(properties.userProperties()).build();
    }
}
