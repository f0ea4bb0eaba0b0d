package io.meridianmq.broker.session;

import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.remote.Acknowledgement;
import io.meridianmq.broker.remote.ToClient;
import io.meridianmq.broker.remote.ToSession;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.DeliveryTerms;
import io.meridianmq.core.session.Opening;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionJournal;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a client's session leaves to the one that the client has begun anew at another node: a {@link Bequest} passes it on
 * there, and it is taken here.
 *
 * <p>Belongs to the sessions' loop.
 */
final class Inheritance {

    /** Messages of one session that are on their way to its heir. */
    private static final int BEQUEATHED_AT_ONCE = 100;

    private final Map<String, OwnedSession> sessions;
    private final SubscribeFlow subscribeFlow;
    private final KeptWills wills;
    private final SessionMetrics metrics;
    private final InstantSource clock;

    /** @param sessions those of the loop, by client; only looked at */
    Inheritance(
            Map<String, OwnedSession> sessions,
            SubscribeFlow subscribeFlow,
            KeptWills wills,
            SessionMetrics metrics,
            InstantSource clock) {
        this.sessions = sessions;
        this.subscribeFlow = subscribeFlow;
        this.wills = wills;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * The client has begun anew at another node: what waits in the session of its earlier connections goes to {@code
     * attachment}'s port as if that were the client. Nothing more is delivered to it.
     *
     * @param number of the connection that began anew
     * @return false if there is no such session, or it passes on what it has already
     */
    boolean bequeath(Attachment attachment, String clientId, ConnectionNumber number) {
        var owned = sessions.get(clientId);
        if (owned == null
                || owned.session().connectionNumber().compareTo(number) >= 0
                || owned.session().port().filter(Bequest.class::isInstance).isPresent()) {
            return false;
        }
        var session = owned.session();
        session.close(CloseReason.SESSION_TAKEN_OVER, clock.millis());
        if (session.isDurable()) {
            wills.drop(owned);
        }
        subscribeFlow.unsubscribeUnless(session, _ -> false);
        attachment.session(session);
        var opening = new Opening(false, secondsLeft(session), BEQUEATHED_AT_ONCE, BEQUEATHED_AT_ONCE);
        return !session.isEnded() && session.resume(opening, attachment.port(), clock.millis());
    }

    /** What is left of its time: a session that passes on what it has does not begin to wait anew each time it tries. */
    private long secondsLeft(Session session) {
        var deadlineMillis = session.deadlineMillis();
        return deadlineMillis == Session.NO_DEADLINE
                ? session.sessionExpirySeconds()
                : Math.max(0, Math.ceilDiv(deadlineMillis - clock.millis(), 1_000L));
    }

    /**
     * A message from a session that the client had elsewhere before; the publication passes to this call.
     *
     * @param answer gets what the other node is to be told
     */
    void inherit(ToSession.Bequeath message, Consumer<ToClient> answer) {
        var owned = sessions.get(message.clientId());
        var publication = message.publication();
        if (owned == null) {
            publication.release();
            answer.accept(new ToClient.Refuse(ReasonCode.UNSPECIFIED_ERROR));
            return;
        }
        var taken = new Acknowledgement(Acknowledgement.Type.PUBACK, message.packetIdentifier(), ReasonCode.SUCCESS);
        if (isInherited(owned, message)) {
            publication.release();
            answer.accept(taken);
            return;
        }
        var session = owned.session();
        var id = publication.id();
        var terms = new DeliveryTerms(message.qos(), true, message.subscriptionIdentifiers(), Optional.empty());
        session.deliver(publication, terms, clock.millis());
        publication.release();
        metrics.inherited.increment();
        if (message.qos() != Qos.AT_MOST_ONCE) {
            session.whenKept(
                    (outcome, _) -> {
                        if (outcome == SessionJournal.Outcome.KEPT) {
                            noteInherited(owned, id, message.packetIdentifier());
                            answer.accept(taken);
                        } else {
                            answer.accept(new ToClient.Close(CloseReason.QUOTA_EXCEEDED));
                        }
                    },
                    clock.millis());
        }
    }

    /** Whether the session has it: then the answer was lost. */
    private static boolean isInherited(OwnedSession owned, ToSession.Bequeath message) {
        return message.qos() != Qos.AT_MOST_ONCE
                && owned.inherited()
                        .filter(last -> last.contains(message.publication().id(), message.packetIdentifier()))
                        .isPresent();
    }

    private static void noteInherited(OwnedSession owned, PublicationId id, int packetIdentifier) {
        if (owned.inherited().isEmpty()) {
            owned.inherited(new InheritedLast(BEQUEATHED_AT_ONCE));
        }
        owned.inherited().ifPresent(last -> last.add(id, packetIdentifier));
    }
}
