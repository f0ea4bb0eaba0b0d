package io.meridianmq.cli.load.mqtt;

import io.meridianmq.cli.load.mqtt.ClientSettings.Filter;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.List;

/** MQTT 5 packets as Netty's codec has them: those that a client sends, and what it reads in those that it gets. */
final class Packets {

    static final int SUCCESS = 0;
    static final int ERROR_MIN = 0x80;
    static final int PACKET_IDENTIFIER_NOT_FOUND = 0x92;

    /** The window of a broker that names none [MQTT-3.2.2-21]. */
    static final int RECEIVE_MAXIMUM_DEFAULT = 65_535;

    static final MqttMessage PINGREQ = new MqttMessage(header(MqttMessageType.PINGREQ, MqttQoS.AT_MOST_ONCE));

    private Packets() {}

    static MqttMessage connect(ClientSettings settings) {
        var properties = new MqttProperties();
        properties.add(new IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, settings.sessionExpirySeconds()));
        return new MqttConnectMessage(
                header(MqttMessageType.CONNECT, MqttQoS.AT_MOST_ONCE),
                new MqttConnectVariableHeader(
                        MqttVersion.MQTT_5.protocolName(),
                        MqttVersion.MQTT_5.protocolLevel(),
                        false,
                        false,
                        false,
                        0,
                        false,
                        settings.sessionExpirySeconds() == 0,
                        settings.keepAliveSeconds(),
                        properties),
                new MqttConnectPayload(
                        settings.clientId(), MqttProperties.NO_PROPERTIES, null, (byte[]) null, null, null));
    }

    static MqttMessage subscribe(int packetIdentifier, List<Filter> filters) {
        return new MqttSubscribeMessage(
                header(MqttMessageType.SUBSCRIBE, MqttQoS.AT_LEAST_ONCE),
                new MqttMessageIdAndPropertiesVariableHeader(packetIdentifier, MqttProperties.NO_PROPERTIES),
                new MqttSubscribePayload(filters.stream()
                        .map(filter -> new MqttTopicSubscription(filter.topicFilter(), MqttQoS.valueOf(filter.qos())))
                        .toList()));
    }

    static MqttMessage publish(Publish publish, int packetIdentifier, boolean isDuplicate) {
        return new MqttPublishMessage(
                new MqttFixedHeader(MqttMessageType.PUBLISH, isDuplicate, MqttQoS.valueOf(publish.qos()), false, 0),
                new MqttPublishVariableHeader(publish.topic(), packetIdentifier, MqttProperties.NO_PROPERTIES),
                Unpooled.wrappedBuffer(publish.payload()));
    }

    /** PUBACK, PUBREC, PUBREL or PUBCOMP. */
    static MqttMessage reply(MqttMessageType type, int packetIdentifier, int reasonCode) {
        var qos = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
        return new MqttMessage(
                header(type, qos),
                new MqttPubReplyMessageVariableHeader(
                        packetIdentifier, (byte) reasonCode, MqttProperties.NO_PROPERTIES));
    }

    /** A farewell, with the end of the session. */
    static MqttMessage disconnect(ClientSettings settings) {
        var properties = new MqttProperties();
        if (settings.sessionExpirySeconds() > 0) {
            properties.add(new IntegerProperty(MqttProperties.SESSION_EXPIRY_INTERVAL, 0));
        }
        return new MqttMessage(
                header(MqttMessageType.DISCONNECT, MqttQoS.AT_MOST_ONCE),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) SUCCESS, properties));
    }

    static int packetIdentifier(MqttMessage packet) {
        return ((MqttMessageIdVariableHeader) packet.variableHeader()).messageId();
    }

    /** The reason code of an acknowledgement; one that has none means success [MQTT-3.4.2-1]. */
    static int reasonCode(MqttMessage acknowledgement) {
        return acknowledgement.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                ? header.reasonCode() & 0xff
                : SUCCESS;
    }

    /** An integer of the properties, or a default. */
    static int integer(MqttProperties properties, int property, int fallback) {
        return properties.getProperty(property) instanceof IntegerProperty integer ? integer.value() : fallback;
    }

    private static MqttFixedHeader header(MqttMessageType type, MqttQoS qos) {
        return new MqttFixedHeader(type, false, qos, false, 0);
    }
}
