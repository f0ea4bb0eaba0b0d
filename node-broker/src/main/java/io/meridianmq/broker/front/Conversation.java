package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.PayloadFormat;
import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.packet.AuthPacket;
import io.meridianmq.broker.packet.ConnackPacket;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.DisconnectPacket;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.PingreqPacket;
import io.meridianmq.broker.packet.PingrespPacket;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubackPacket;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubackPacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.session.SessionProxy;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.Departure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a client says once it is connected: each packet is held against what is the connection's to judge (aliases, rights,
 * pace, which topics there may be), and goes to the client's session.
 *
 * <p>Belongs to the connection's loop. Ends by the connection, which then lets go of it.
 */
final class Conversation {

    private final Connection connection;
    private final Host host;
    private final ConnectionSettings settings;
    private final Guard guard;
    private final Reading reading;
    private final SessionProxy session;

    /** Null until the client gives the first number to a topic. */
    private @Nullable TopicAliases aliases;

    /** For a client that has proved by enhanced authentication who it is. */
    private final Optional<Reauthentication> reauthentication;

    /** @param method the authentication method of CONNECT */
    Conversation(
            Connection connection,
            Host host,
            ConnectionSettings settings,
            Guard guard,
            Reading reading,
            SessionProxy session,
            Optional<String> method) {
        this.connection = connection;
        this.host = host;
        this.settings = settings;
        this.guard = guard;
        this.reading = reading;
        this.session = session;
        this.reauthentication =
                method.map(name -> new Reauthentication(connection, host.access(), guard.rights(), name));
    }

    /** Where the client's packets go. */
    SessionProxy session() {
        return session;
    }

    /** The session may be an earlier one: withdraws what the client may not be subscribed to any more. */
    void begin() {
        if (guard.rights().areLimited()) {
            session.keepSubscriptions(guard.rights().subscriptions());
        }
    }

    /** The files of access may have changed. */
    void lookAtRights() {
        switch (guard.rights().look()) {
            case NONE -> {}
            case RIGHTS -> session.rightsChanged(guard.rights().subscriptions());
            case USER -> {
                guard.revoked();
                connection.fail(ReasonCode.NOT_AUTHORIZED, "its user was removed, or the password changed");
            }
        }
    }

    void tick(long nowNanos) {
        reauthentication.ifPresent(
                again -> again.tick(nowNanos, settings.connectTimeout().toNanos()));
    }

    void onPacket(Packet packet, int packetBytes) {
        switch (packet) {
            case PublishPacket publish -> onPublish(publish, packetBytes);
            case PubackPacket ack -> session.pubAck(ack.packetIdentifier());
            case PubrecPacket received -> session.pubRec(received.packetIdentifier(), received.reasonCode());
            case PubrelPacket release -> session.pubRel(release.packetIdentifier());
            case PubcompPacket complete -> session.pubComp(complete.packetIdentifier());
            case SubscribePacket subscribe -> {
                reading.read(packetBytes);
                session.subscribe(subscribe, verdicts(subscribe), packetBytes);
            }
            case UnsubscribePacket unsubscribe -> session.unsubscribe(unsubscribe);
            case PingreqPacket _ -> connection.send(PingrespPacket.INSTANCE); // [MQTT-3.12.4-1] [MQTT3-3.12.4-1]
            case DisconnectPacket disconnect -> onDisconnect(disconnect);
            // [MQTT3-3.1.0-2]
            case ConnectPacket _ -> connection.fail(ReasonCode.PROTOCOL_ERROR, "a second CONNECT"); // [MQTT-3.1.0-2]
            case AuthPacket auth -> onAuth(auth);
            case ConnackPacket _, SubackPacket _, UnsubackPacket _, PingrespPacket _ ->
                connection.fail(ReasonCode.PROTOCOL_ERROR, packet.type() + " is for servers to send");
        }
    }

    private void onAuth(AuthPacket packet) {
        if (reauthentication.isPresent()) {
            reauthentication.get().onAuth(packet, host.nanoClock().getAsLong());
        } else {
            connection.fail(
                    ReasonCode.PROTOCOL_ERROR, "AUTH without an authentication method in CONNECT"); // [MQTT-4.12.0-7]
        }
    }

    private void onPublish(PublishPacket packet, int packetBytes) {
        PublishPacket resolved;
        try {
            resolved = packet.topicAlias() == 0 ? packet : aliases().resolve(packet);
        } catch (ProtocolException e) {
            packet.release();
            connection.fail(e.reasonCode(), String.valueOf(e.getMessage()));
            return;
        }
        if (settings.protocol().validatePayloadFormat() && !PayloadFormat.isKept(resolved)) {
            resolved.release();
            connection.fail(ReasonCode.PAYLOAD_FORMAT_INVALID, "the payload is not the UTF-8 that it is said to be");
            return;
        }
        if (!keepsPace(packetBytes)) {
            resolved.release();
            return;
        }
        reading.read(packetBytes);
        if (!settings.limits().topics().allow(resolved.topic())) {
            host.metrics().topicRefused();
            refusePublish(resolved, ReasonCode.TOPIC_NAME_INVALID, packetBytes);
        } else if (guard.allowsPublish(resolved.topic())) {
            session.publish(resolved, packetBytes);
        } else {
            refusePublish(resolved, ReasonCode.NOT_AUTHORIZED, packetBytes);
        }
    }

    private TopicAliases aliases() {
        if (aliases == null) {
            aliases = new TopicAliases(connection.version().hasProperties() ? settings.topicAliasMaximum() : 0);
        }
        return aliases;
    }

    /** Whether a PUBLISH may be dealt with; a client that is too fast is slowed down, or ended. */
    private boolean keepsPace(int packetBytes) {
        if (!reading.isTooFast(packetBytes)) {
            return true;
        }
        return switch (settings.limits().tooFast()) {
            case PAUSE -> {
                reading.pause(Reading.Pause.RATE);
                yield true;
            }
            case DISCONNECT -> {
                connection.fail(ReasonCode.MESSAGE_RATE_TOO_HIGH, "it publishes faster than it may");
                yield false;
            }
        };
    }

    /** The client may not publish to the topic. */
    private void refusePublish(PublishPacket packet, ReasonCode reasonCode, int packetBytes) {
        var qos = packet.qos();
        packet.release();
        if (qos == Qos.AT_MOST_ONCE) {
            reading.dealtWith(packetBytes); // There is no answer to it.
        } else if (reasonCode == ReasonCode.NOT_AUTHORIZED
                && guard.closesOnDeniedPublish(connection.version())) { // [MQTT3-3.3.5-2]
            connection.fail(ReasonCode.NOT_AUTHORIZED, "it may not publish to the topic");
        } else {
            session.refusePublish(qos, packet.packetIdentifier(), reasonCode, packetBytes);
        }
    }

    /** One for each subscription: success, or why it is refused. */
    private List<ReasonCode> verdicts(SubscribePacket packet) {
        var rights = guard.verdicts(packet);
        var verdicts = settings.limits().topics().verdicts(packet, rights);
        for (var i = 0; i < rights.size(); i++) {
            if (!verdicts.get(i).equals(rights.get(i))) {
                host.metrics().topicRefused();
            }
        }
        return verdicts;
    }

    private void onDisconnect(DisconnectPacket packet) {
        var expiry = packet.properties().sessionExpiryIntervalSeconds();
        var isSet = expiry != Properties.ABSENT;
        if (isSet && expiry > 0 && connection.sessionExpirySeconds() == 0) {
            connection.fail(
                    ReasonCode.PROTOCOL_ERROR,
                    "DISCONNECT may not give a session an expiry that CONNECT did not"); // 3.14.2.2.2
            return;
        }
        var manner = packet.reasonCode() == ReasonCode.NORMAL_DISCONNECTION
                ? Departure.Manner.NORMAL
                : Departure.Manner.WITH_WILL;
        connection.depart(new Departure(
                manner, isSet ? OptionalLong.of(host.here().expirySeconds(expiry)) : OptionalLong.empty()));
    }
}
