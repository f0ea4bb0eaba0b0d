package io.meridianmq.broker.session;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.publish.Acceptance;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionJournal;
import java.time.InstantSource;

/**
 * Takes in what clients publish: their sessions decide what is new, which becomes a publication with its id and timestamp,
 * and is answered when it is accepted. Who may publish is decided before.
 *
 * <p>Belongs to the sessions' loop.
 */
final class PublishIntake {

    private final Loop loop;
    private final InstantSource clock;
    private final Stamps stamps;
    private final Stamps.Numbers numbers;

    /** Identities of QoS 2 messages of durable sessions, which keep them over a restart. */
    private final Stamps.Numbers keptNumbers;

    private final PublishFlow publishFlow;

    PublishIntake(Loop loop, InstantSource clock, Stamps stamps, PublishFlow publishFlow) {
        this.loop = loop;
        this.clock = clock;
        this.stamps = stamps;
        this.numbers = stamps.numbers();
        this.keptNumbers = stamps.keptNumbers();
        this.publishFlow = publishFlow;
    }

    /** A PUBLISH of the session's client with its topic resolved; its frame passes to this call. */
    void take(Session session, ClientPort port, PublishPacket packet, int packetBytes) {
        var qos = packet.qos();
        if (qos == Qos.AT_MOST_ONCE) {
            publish(session, packet, Acceptance.NOT_AWAITED);
            port.dealtWith(packetBytes);
            return;
        }
        // [MQTT-3.3.4-1] [MQTT3-3.3.4-1]
        switch (session.onPublish(port, qos, packet.packetIdentifier(), clock.millis())) {
            case PUBLISH -> {
                var acceptance = acceptance(session, port, qos, packet.packetIdentifier(), packetBytes);
                if (qos == Qos.EXACTLY_ONCE && session.isDurable()) {
                    keep(session, packet, acceptance);
                } else {
                    publish(session, packet, acceptance);
                }
            }
            case PUBLISH_AGAIN ->
                publish(
                        session,
                        packet,
                        acceptance(session, port, qos, packet.packetIdentifier(), packetBytes),
                        session.identity(packet.packetIdentifier()).orElseThrow());
            case DUPLICATE, IGNORE -> {
                packet.release();
                port.dealtWith(packetBytes);
            }
        }
    }

    /** A PUBLISH of QoS 1 or 2 that is not to be made: it takes its turn among the answers. [MQTT-4.6.0-2] */
    void refuse(Session session, ClientPort port, Qos qos, int packetIdentifier, ReasonCode reasonCode) {
        switch (session.onPublish(port, qos, packetIdentifier, clock.millis())) {
            case PUBLISH, PUBLISH_AGAIN ->
                session.onAccepted(session.lastArrival(), qos, packetIdentifier, reasonCode.code());
            case DUPLICATE, IGNORE -> {}
        }
    }

    /** A QoS 2 message whose identity has to be kept before anybody gets it. [MQTT-4.3.3-10] */
    private void keep(Session session, PublishPacket packet, Acceptance acceptance) {
        var id = keptNumbers.next();
        session.takeIn(
                packet.packetIdentifier(),
                id,
                (outcome, _) -> {
                    if (outcome == SessionJournal.Outcome.KEPT) {
                        publish(session, packet, acceptance, id);
                    } else {
                        packet.release();
                        acceptance.complete(ReasonCode.QUOTA_EXCEEDED.code());
                    }
                },
                clock.millis());
    }

    private void publish(Session session, PublishPacket packet, Acceptance acceptance) {
        publish(session, packet, acceptance, numbers.next());
    }

    private void publish(Session session, PublishPacket packet, Acceptance acceptance, PublicationId id) {
        var now = clock.millis();
        var expiry = packet.messageExpiryIntervalSeconds();
        var publication = new Publication(
                id,
                packet.retain() ? stamps.timestamp(now) : stamps.timestampOfPassing(now),
                session.clientHash(),
                packet.topic(),
                packet.qos(),
                packet.retain(),
                expiry == Properties.ABSENT ? Publication.NEVER : now + expiry * 1_000,
                PublishFrame.of(packet));
        publishFlow.publish(publication, acceptance);
        publication.release();
    }

    private Acceptance acceptance(Session session, ClientPort port, Qos qos, int packetIdentifier, int packetBytes) {
        var arrival = session.lastArrival();
        return new Acceptance(loop::execute, reasonCode -> {
            session.onAccepted(arrival, qos, packetIdentifier, reasonCode);
            port.dealtWith(packetBytes);
        });
    }
}
