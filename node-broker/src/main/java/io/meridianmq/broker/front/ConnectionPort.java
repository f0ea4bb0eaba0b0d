package io.meridianmq.broker.front;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.packet.PubackPacket;
import io.meridianmq.broker.packet.PubcompPacket;
import io.meridianmq.broker.packet.PubrecPacket;
import io.meridianmq.broker.packet.PubrelPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.ReasonProperties;
import io.meridianmq.broker.packet.SubackPacket;
import io.meridianmq.broker.packet.UnsubackPacket;
import io.meridianmq.broker.session.ClientPort;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import java.util.List;
import java.util.Optional;

/**
 * What a session has for its client, made into packets of the client's version and written to its connection.
 *
 * <p>Belongs to the connection's loop, {@link #hasRoom} aside. Never calls the session.
 */
final class ConnectionPort implements ClientPort {

    private final Connection connection;
    private final Host host;
    private final Output output;
    private final Optional<OutboundAliases> aliases;

    ConnectionPort(Connection connection, Host host, Output output, Optional<OutboundAliases> aliases) {
        this.connection = connection;
        this.host = host;
        this.output = output;
        this.aliases = aliases;
    }

    @Override
    public void opened(boolean sessionPresent, long sessionExpirySeconds) {
        connection.opened(sessionPresent, sessionExpirySeconds);
    }

    @Override
    public void refuse(ReasonCode reasonCode) {
        connection.refuse(reasonCode, "its session could not be opened");
    }

    @Override
    public Answer.ConnectionView view() {
        return connection.view();
    }

    @Override
    public void dealtWith(int packetBytes) {
        connection.dealtWith(packetBytes);
    }

    @Override
    public void close(CloseReason reason) {
        connection.disconnect(reason(reason.reasonCode()), "");
    }

    @Override
    public boolean hasRoom() {
        return output.hasRoom();
    }

    @Override
    public boolean deliver(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers) {
        var version = output.encoder().version();
        var how = host.outgoing().start(version, qos, packetIdentifier).retain(retain);
        if (duplicate) {
            how.duplicate();
        }
        if (version.hasProperties()) {
            if (publication.expiresAtMillis() != Publication.NEVER) { // [MQTT-3.3.2-6]
                how.expirySeconds(Math.max(
                        0, (publication.expiresAtMillis() - host.clock().millis() + 999) / 1_000));
            }
            if (!subscriptionIdentifiers.isEmpty()) {
                how.subscriptionIdentifiers(subscriptionIdentifiers.toArray(), subscriptionIdentifiers.length());
            }
        }
        return aliases.isPresent()
                ? writeWithAlias(aliases.get(), publication, how)
                : output.write((PublishFrame) publication.bytes(), how);
    }

    private boolean writeWithAlias(OutboundAliases known, Publication publication, OutgoingPublish how) {
        var tells = known.use(publication.topic(), how);
        var written = output.write((PublishFrame) publication.bytes(), how);
        if (tells && !written) {
            known.untold(publication.topic());
        }
        return written;
    }

    @Override
    public void sendPubAck(int packetIdentifier, int reasonCode) {
        if (isExpressible(reasonCode)) {
            output.write(
                    new PubackPacket(packetIdentifier, reason(reasonCode), Explanations.ofPublish(reason(reasonCode))));
        }
    }

    @Override
    public void sendPubRec(int packetIdentifier, int reasonCode) {
        if (isExpressible(reasonCode)) {
            output.write(
                    new PubrecPacket(packetIdentifier, reason(reasonCode), Explanations.ofPublish(reason(reasonCode))));
        }
    }

    @Override
    public void sendPubRel(int packetIdentifier, int reasonCode) {
        output.write(new PubrelPacket(packetIdentifier, reason(reasonCode)));
    }

    @Override
    public void sendPubComp(int packetIdentifier, int reasonCode) {
        output.write(new PubcompPacket(packetIdentifier, reason(reasonCode)));
    }

    @Override
    public void sendSubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        output.write(new SubackPacket(packetIdentifier, reasonCodes, Explanations.ofSubscribe(reasonCodes)));
    }

    @Override
    public void sendUnsubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        var told = output.encoder().version().hasProperties() ? reasonCodes : List.<ReasonCode>of();
        output.write(new UnsubackPacket(packetIdentifier, told, ReasonProperties.NONE));
    }

    /**
     * Whether there is an answer; MQTT 3 has no word for refusing a message. What is not allowed is acknowledged there
     * all the same, since it would not be allowed the next time either; what there is no room for closes the connection,
     * so that it comes again. MQTT 3.1.1 leaves the choice. [MQTT3-3.3.5-2] [MQTT3-4.8.0-2]
     */
    private boolean isExpressible(int reasonCode) {
        var reason = reason(reasonCode);
        if (reason.isFailure()
                && reason != ReasonCode.NOT_AUTHORIZED
                && reason != ReasonCode.TOPIC_NAME_INVALID
                && !output.encoder().version().hasProperties()) {
            connection.disconnect(reason, "");
            return false;
        }
        return true;
    }

    private static ReasonCode reason(int reasonCode) {
        return ReasonCode.find(reasonCode).orElse(ReasonCode.UNSPECIFIED_ERROR);
    }
}
