package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.PayloadFormat;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.packet.Authentication;
import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.Opening;
import io.meridianmq.core.session.Session;
import io.netty.buffer.ByteBufUtil;
import java.util.Optional;
import java.util.UUID;

/** What one CONNECT comes to: the session it is for, or the reason why not, and the CONNACK. */
final class Admission {

    private static final int MQTT_3_RECEIVE_MAXIMUM = 65_535;

    private final ConnectPacket connect;
    private final ConnectionSettings settings;
    private final String clientId;

    Admission(ConnectPacket connect, ConnectionSettings settings) {
        this.connect = connect;
        this.settings = settings;
        this.clientId = connect.clientIdentifier().isEmpty() ? "auto-" + UUID.randomUUID() : connect.clientIdentifier();
    }

    /**
     * The client's identifier, or the one that the node gives it. [MQTT-3.1.3-6]
     * [MQTT-3.1.3-5] [MQTT3-3.1.3-5] [MQTT3-3.1.3-6]
     */
    String clientId() {
        return clientId;
    }

    ProtocolVersion version() {
        return connect.version();
    }

    /** The keep alive in force: the client's [MQTT-3.2.2-22], unless it asks for more than there is. */
    int keepAliveSeconds() {
        return isKeepAliveReplaced() ? longestKeepAliveSeconds() : connect.keepAliveSeconds();
    }

    /** MQTT 3 has no way to tell a client another keep alive than its own. */
    private boolean isKeepAliveReplaced() {
        var wanted = connect.keepAliveSeconds();
        return connect.version().hasProperties()
                && longestKeepAliveSeconds() > 0
                && (wanted == 0 || wanted > longestKeepAliveSeconds());
    }

    private int longestKeepAliveSeconds() {
        return Math.toIntExact(settings.protocol().keepAliveMax().toSeconds());
    }

    /** The aliases that the server may use for topics; empty if the client or the settings allow none. */
    Optional<OutboundAliases> outboundAliases() {
        var max = Math.min(
                connect.properties().topicAliasMaximum(), settings.protocol().outboundTopicAliasMaximum());
        return max == 0 ? Optional.empty() : Optional.of(new OutboundAliases(max)); // [MQTT-3.1.2-27]
    }

    /** Why the client is not let in. */
    Optional<ReasonCode> refusal() {
        if (connect.clientIdentifier().isEmpty() && !connect.version().hasProperties() && !connect.cleanStart()) {
            return Optional.of(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID); // [MQTT3-3.1.3-8]
        }
        var identifier = connect.clientIdentifier();
        var longest = settings.limits().clientIdentifierMax();
        if (identifier.length() > longest
                || (identifier.length() > longest / 3 && ByteBufUtil.utf8Bytes(identifier) > longest)) {
            return Optional.of(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID); // [MQTT-3.1.3-8]
        }
        return connect.will().flatMap(this::refusal);
    }

    private Optional<ReasonCode> refusal(io.meridianmq.broker.packet.Will will) {
        var message = will.message();
        if (PublishFlow.isReserved(message.topic())
                || !settings.limits().topics().allow(message.topic())) {
            return Optional.of(ReasonCode.TOPIC_NAME_INVALID);
        }
        return settings.protocol().validatePayloadFormat()
                        && !PayloadFormat.isKept(message.properties().payloadFormatIndicator(), message.payload())
                ? Optional.of(ReasonCode.PAYLOAD_FORMAT_INVALID)
                : Optional.empty();
    }

    Opening opening() {
        var isMqtt5 = connect.version().hasProperties();
        return new Opening(
                connect.cleanStart(),
                sessionExpirySeconds(),
                isMqtt5 ? connect.properties().receiveMaximum() : MQTT_3_RECEIVE_MAXIMUM,
                isMqtt5 ? settings.receiveMaximum() : MQTT_3_RECEIVE_MAXIMUM);
    }

    /** What is to be published if the client is lost. */
    Optional<Will> will() { // [MQTT-3.1.2-7]
        return connect.will().map(Admission::will);
    }

    Optional<String> willTopic() {
        return connect.will().map(will -> will.message().topic());
    }

    boolean cleanStart() {
        return connect.cleanStart();
    }

    /** What the client asked for; Clean Session of MQTT 3 decides between nothing and for ever. */
    long sessionExpirySeconds() {
        if (connect.version().hasProperties()) {
            return connect.properties().sessionExpiryIntervalSeconds();
        }
        return connect.cleanStart() ? 0 : Session.NEVER_EXPIRES;
    }

    ConnackPacket accepted(boolean sessionPresent, long grantedExpirySeconds, Optional<Authentication> serverProof) {
        if (!connect.version().hasProperties()) {
            return new ConnackPacket(sessionPresent, ReasonCode.SUCCESS, ConnackProperties.NONE); // [MQTT3-3.2.2-2]
        }
        var properties = ConnackProperties.builder() // [MQTT-3.2.2-10] [MQTT-3.2.2-12] [MQTT-3.2.2-13]
                .receiveMaximum(settings.receiveMaximum())
                .maximumPacketSize(settings.maximumPacketSize())
                .topicAliasMaximum(settings.topicAliasMaximum());
        if (grantedExpirySeconds != sessionExpirySeconds()) {
            properties.sessionExpiryIntervalSeconds(grantedExpirySeconds);
        }
        if (connect.clientIdentifier().isEmpty()) {
            properties.assignedClientIdentifier(clientId); // [MQTT-3.2.2-16] [MQTT-3.1.3-7]
        }
        serverProof.ifPresent(properties::authentication);
        if (isKeepAliveReplaced()) {
            properties.serverKeepAliveSeconds(keepAliveSeconds());
        }
        if (connect.properties().requestResponseInformation()) { // [MQTT-3.1.2-28]
            properties.responseInformation(settings.protocol().responseInformation());
        }
        return new ConnackPacket(sessionPresent, ReasonCode.SUCCESS, properties.build()); // [MQTT-3.2.2-2]
    }

    private static Will will(io.meridianmq.broker.packet.Will asked) {
        var message = asked.message();
        var expiry = message.properties().messageExpiryIntervalSeconds();
        return new Will(
                message.qos(),
                message.retain(), // [MQTT-3.1.2-14] [MQTT-3.1.2-15] [MQTT3-3.1.2-16] [MQTT3-3.1.2-17]
                asked.delayIntervalSeconds(),
                expiry == Properties.ABSENT ? Will.NO_MESSAGE_EXPIRY : expiry,
                CanonicalBytes.wrap(PublishFrame.canonical(message)));
    }
}
