package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnackProperties;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.Opening;
import io.meridianmq.core.session.Session;
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

    /** The client's identifier, or the one that the node gives it. [MQTT-3.1.3-6] */
    String clientId() {
        return clientId;
    }

    ProtocolVersion version() {
        return connect.version();
    }

    int keepAliveSeconds() {
        return connect.keepAliveSeconds();
    }

    /** Why the client is not let in. */
    Optional<ReasonCode> refusal() {
        if (connect.clientIdentifier().isEmpty() && !connect.version().hasProperties() && !connect.cleanStart()) {
            return Optional.of(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID); // [MQTT3-3.1.3-8]
        }
        if (connect.properties().authentication().isPresent()) {
            return Optional.of(ReasonCode.BAD_AUTHENTICATION_METHOD); // [MQTT-4.12.0-1]
        }
        return Optional.empty();
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
    Optional<Will> will() {
        return connect.will().map(Admission::will);
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

    ConnackPacket accepted(boolean sessionPresent, long grantedExpirySeconds) {
        var properties = ConnackProperties.builder()
                .receiveMaximum(settings.receiveMaximum())
                .maximumPacketSize(settings.maximumPacketSize())
                .topicAliasMaximum(settings.topicAliasMaximum());
        if (grantedExpirySeconds != sessionExpirySeconds()) {
            properties.sessionExpiryIntervalSeconds(grantedExpirySeconds);
        }
        if (connect.clientIdentifier().isEmpty()) {
            properties.assignedClientIdentifier(clientId); // [MQTT-3.2.2-16]
        }
        return new ConnackPacket(sessionPresent, ReasonCode.SUCCESS, properties.build()); // [MQTT-3.2.2-2]
    }

    private static Will will(io.meridianmq.broker.packet.Will asked) {
        var message = asked.message();
        var expiry = message.properties().messageExpiryIntervalSeconds();
        return new Will(
                message.qos(),
                message.retain(),
                asked.delayIntervalSeconds(),
                expiry == Properties.ABSENT ? Will.NO_MESSAGE_EXPIRY : expiry,
                CanonicalBytes.wrap(PublishFrame.canonical(message)));
    }
}
