package io.meridianmq.broker.session;

import io.meridianmq.broker.claim.LoopClaims;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.store.LoopJournal;
import io.meridianmq.broker.store.StoredSession;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublisherHash;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.core.session.DropReason;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.SessionOwner;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.topic.TopicFilter;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The sessions of one loop: opens and ends them, carries out what they ask for, and takes what their clients say.
 *
 * <p>Belongs to its loop.
 */
public final class SessionTable implements SessionOwner {

    private final Loop loop;
    private final ClientRegistry registry;
    private final Supplier<SessionLimits> limits;
    private final SessionMetrics metrics;
    private final InstantSource clock;
    private final PublishFlow publishFlow;
    private final RetainedMessages retained;
    private final PublishIntake intake;
    private final SubscribeFlow subscribeFlow;
    private final Optional<LoopJournal> journal;
    private final KeptWills wills;
    private final Presence presence;
    private final Inheritance inheritance;
    private final Map<String, OwnedSession> sessions = new HashMap<>();

    /**
     * What the tables of all loops share.
     *
     * @param limits what one session may hold at the moment
     */
    public record Shared(
            ClientRegistry registry,
            Supplier<SessionLimits> limits,
            SessionMetrics metrics,
            Stamps stamps,
            RetainedMessages retained) {}

    /**
     * @param clock the loop's
     * @param journal where durable sessions are kept; without one, all sessions end with the process
     */
    public SessionTable(
            Loop loop,
            InstantSource clock,
            Shared shared,
            PublishFlow publishFlow,
            SubscribeFlow subscribeFlow,
            LoopClaims claims,
            Optional<LoopJournal> journal) {
        this.loop = loop;
        this.registry = shared.registry();
        this.limits = shared.limits();
        this.metrics = shared.metrics();
        this.clock = clock;
        this.retained = shared.retained();
        this.publishFlow = publishFlow;
        this.intake = new PublishIntake(loop, clock, shared.stamps(), publishFlow);
        this.subscribeFlow = subscribeFlow;
        this.journal = journal;
        this.wills = new KeptWills(journal);
        this.presence = new Presence(claims);
        this.inheritance = new Inheritance(Collections.unmodifiableMap(sessions), subscribeFlow, wills, metrics, clock);
    }

    /** Number of the loop that the table belongs to. Any thread. */
    public int index() {
        return loop.index();
    }

    Loop loop() {
        return loop;
    }

    /** What its sessions leave to others, and get from them. */
    Inheritance inheritance() {
        return inheritance;
    }

    /** Any thread. */
    long expirySeconds(long wanted) {
        return Math.min(wanted, limits.get().sessionExpirySecondsMax());
    }

    /** Looks after sessions whose time has come; to be called a few times a second. */
    public void tick() {
        presence.tick(clock.millis());
        journal.ifPresent(LoopJournal::tick);
    }

    /** Closes all connections. */
    public void closeAll(CloseReason reason) {
        for (var owned : List.copyOf(sessions.values())) {
            owned.session().close(reason, clock.millis());
            watch(owned.session());
        }
    }

    /** What there is to see of a client's session; empty if it has none here. */
    Optional<Answer.SessionView> look(String clientId) {
        return Optional.ofNullable(sessions.get(clientId)).map(owned -> SessionViews.of(owned.session()));
    }

    /** Closes a client's connection; false if it has none here. */
    boolean disconnect(String clientId, CloseReason reason) {
        var owned = sessions.get(clientId);
        if (owned == null || !owned.session().isConnected()) {
            return false;
        }
        var session = owned.session();
        session.close(reason, clock.millis());
        watch(session);
        return true;
    }

    /**
     * A durable session from before a restart.
     *
     * @param onRestored run on the loop when messages are delivered to it
     */
    void restore(StoredSession stored, Runnable onRestored) {
        var clientId = stored.facts().clientId();
        var session = new Session(
                clientId,
                PublisherHash.of(clientId),
                loop.index(),
                limits,
                this,
                journal.orElseThrow(),
                stored.number());
        var owned = new OwnedSession(session, true);
        sessions.put(clientId, owned);
        var subscriptions = stored.restore(session, clock.millis());
        wills.restore(owned, stored);
        presence.restored(owned);
        subscribeFlow.restore(subscriptions, onRestored);
    }

    void open(Attachment attachment, SessionRequest request) {
        var clientId = request.clientId();
        var port = attachment.port();
        var existing = sessions.get(clientId); // [MQTT-3.1.3-2] [MQTT3-3.1.3-2]
        if (existing != null) {
            if (request.number().compareTo(existing.newest()) < 0) {
                port.refuse(ReasonCode.SERVER_BUSY); // A later connection of the client was faster.
                return;
            }
            if (!request.continues()) {
                existing.session().end(CloseReason.SESSION_TAKEN_OVER, clock.millis());
            } else {
                existing.session().connectionNumber(request.number());
                if (existing.session().resume(request.opening(), port, clock.millis())) {
                    connected(attachment, existing, request);
                    return;
                }
            }
        }
        if (!registry.claim(clientId, loop.index())) {
            // The session ended here and began on another loop while this CONNECT was on its way.
            port.refuse(ReasonCode.SERVER_BUSY);
            return;
        }
        var outlivesConnection = expirySeconds(request.opening().sessionExpirySeconds()) > 0;
        var session = newSession(clientId, outlivesConnection);
        var owned = new OwnedSession(session, outlivesConnection);
        if (outlivesConnection && !request.opening().cleanStart()) {
            session.mayInherit(clock.millis());
        }
        sessions.put(clientId, owned); // [MQTT-3.1.2-6]
        session.connectionNumber(request.number());
        session.connect(request.opening(), port, clock.millis());
        connected(attachment, owned, request);
    }

    private void connected(Attachment attachment, OwnedSession owned, SessionRequest request) {
        attachment.session(owned.session());
        owned.connected();
        wills.keep(owned, request);
        presence.connected(owned, request);
    }

    private Session newSession(String clientId, boolean outlivesConnection) {
        var hash = PublisherHash.of(clientId);
        return outlivesConnection && journal.isPresent()
                ? new Session(
                        clientId,
                        hash,
                        loop.index(),
                        limits,
                        this,
                        journal.get(),
                        journal.get().newSession())
                : new Session(clientId, hash, loop.index(), limits, this);
    }

    /** A will is published, or given up. */
    void willDone(String clientId, ConnectionNumber number) {
        var owned = sessions.get(clientId);
        if (owned != null) {
            wills.done(owned, number);
        }
    }

    /** The connection is not the client's any more; the session is over as well if {@code ends}. */
    void onExpelled(Attachment attachment, CloseReason reason, boolean ends) {
        var session = attachment.current();
        if (session == null) {
            return;
        }
        if (reason == CloseReason.SESSION_TAKEN_OVER) {
            metrics.takeovers.increment(); // [MQTT-3.1.4-3] [MQTT3-3.1.4-2]
        }
        if (ends) {
            session.end(reason, clock.millis());
        } else {
            session.close(reason, clock.millis());
            watch(session);
        }
    }

    /** The client has begun anew with the connection of this number: a session of earlier ones is over. */
    void end(String clientId, ConnectionNumber number) {
        var owned = sessions.get(clientId);
        if (owned != null && owned.session().connectionNumber().compareTo(number) < 0) {
            owned.session().end(CloseReason.SESSION_TAKEN_OVER, clock.millis());
        }
    }

    void onGone(Attachment attachment, Departure departure) {
        var session = attachment.current();
        if (session != null) {
            session.onGone(attachment.port(), departure, clock.millis());
            var owned = sessions.get(session.clientId());
            var keepsWill = departure.manner() != Departure.Manner.NORMAL;
            if (owned != null && !keepsWill) {
                wills.drop(owned); // [MQTT-3.14.4-3]
            }
            watch(session, keepsWill);
        }
    }

    /** A PUBLISH with its topic resolved; its frame passes to this call. */
    void onPublish(Attachment attachment, PublishPacket packet, int packetBytes) {
        var session = attachment.current();
        var port = attachment.port();
        if (session == null) {
            packet.release();
            port.dealtWith(packetBytes);
        } else {
            intake.take(session, port, packet, packetBytes);
            watch(session);
        }
    }

    /** A PUBLISH of QoS 1 or 2 that is not to be made. */
    void onRefusedPublish(
            Attachment attachment, Qos qos, int packetIdentifier, ReasonCode reasonCode, int packetBytes) {
        var session = attachment.current();
        var port = attachment.port();
        if (session != null) {
            intake.refuse(session, port, qos, packetIdentifier, reasonCode);
            watch(session);
        }
        port.dealtWith(packetBytes);
    }

    void onSubscribe(Attachment attachment, SubscribePacket packet, List<ReasonCode> verdicts, int packetBytes) {
        var session = attachment.current();
        if (session == null) {
            attachment.port().dealtWith(packetBytes);
        } else {
            subscribeFlow.subscribe(session, attachment.port(), packet, verdicts, packetBytes);
        }
    }

    void onConnectedWith(Attachment attachment, Predicate<TopicFilter> allowed) {
        var session = attachment.current();
        if (session != null) {
            withdrawUnless(allowed, session);
        }
    }

    /** Ends the connection if anything was withdrawn, so that the client learns of it when it subscribes again. */
    void onRightsChanged(Attachment attachment, Predicate<TopicFilter> allowed) {
        var session = attachment.current();
        if (session != null && withdrawUnless(allowed, session)) {
            session.close(CloseReason.NOT_AUTHORIZED, clock.millis());
            watch(session);
        }
    }

    /** What the session has subscribed to, for whoever knows what its client may have. */
    List<TopicFilter> filters(Attachment attachment) {
        var session = attachment.current();
        return session == null ? List.of() : subscribeFlow.filters(session);
    }

    /** Withdraws some of what {@link #filters} told; the connection ends as well if {@code endsConnection}. */
    void onForbidden(Attachment attachment, List<TopicFilter> forbidden, boolean endsConnection) {
        var session = attachment.current();
        if (session == null) {
            return;
        }
        var filters = Set.copyOf(forbidden);
        withdrawUnless(filter -> !filters.contains(filter), session);
        if (endsConnection) {
            session.close(CloseReason.NOT_AUTHORIZED, clock.millis());
            watch(session);
        }
    }

    private boolean withdrawUnless(Predicate<TopicFilter> allowed, Session session) {
        var withdrawn = subscribeFlow.unsubscribeUnless(session, allowed);
        metrics.withdrawn.increment(withdrawn);
        return withdrawn > 0;
    }

    void onUnsubscribe(Attachment attachment, UnsubscribePacket packet) {
        var session = attachment.current();
        if (session != null) {
            subscribeFlow.unsubscribe(session, attachment.port(), packet);
        }
    }

    void onPubAck(Attachment attachment, int packetIdentifier) {
        var session = attachment.current();
        if (session != null) {
            session.onPubAck(attachment.port(), packetIdentifier, clock.millis());
            watch(session);
        }
    }

    void onPubRec(Attachment attachment, int packetIdentifier, ReasonCode reasonCode) {
        var session = attachment.current();
        if (session != null) {
            session.onPubRec(attachment.port(), packetIdentifier, reasonCode.code(), clock.millis());
            watch(session);
        }
    }

    void onPubRel(Attachment attachment, int packetIdentifier) {
        var session = attachment.current();
        if (session != null) {
            session.onPubRel(attachment.port(), packetIdentifier, clock.millis());
            watch(session);
        }
    }

    void onPubComp(Attachment attachment, int packetIdentifier) {
        var session = attachment.current();
        if (session != null) {
            session.onPubComp(attachment.port(), packetIdentifier, clock.millis());
            watch(session);
        }
    }

    void onRoom(Attachment attachment) {
        var session = attachment.current();
        if (session != null) {
            session.onRoom(attachment.port(), clock.millis());
        }
    }

    void onTooLarge(Attachment attachment, int packetIdentifier) {
        var session = attachment.current();
        if (session != null) {
            session.onTooLarge(attachment.port(), packetIdentifier, clock.millis());
        }
    }

    @Override
    public void ended(Session session) {
        session.subscriptions().forEach(subscribeFlow::withdraw); // [MQTT3-3.1.2-7]
        var owned = sessions.remove(session.clientId());
        if (owned != null) {
            presence.ended(owned);
        }
        registry.release(session.clientId(), loop.index());
    }

    @Override
    public void presenceChanged(Session session) {
        for (var subscription : session.subscriptions()) {
            if (subscription.isShared()) {
                subscribeFlow.presence(subscription);
            }
        }
    }

    @Override
    public void dropped(Session session, DropReason reason) {
        metrics.dropped(reason);
    }

    @Override
    public void passOn(Publication publication, Subscription subscription) {
        publishFlow.passOn(publication, subscription, () -> metrics.dropped(DropReason.SESSION_ENDED));
    }

    @Override
    public void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit) {
        retained.lookUp(
                TopicFilter.of(subscription.filter()),
                afterTopic,
                limit,
                (found, more) -> loop.execute(() -> {
                    session.onRetained(subscription, found, more, clock.millis());
                    found.forEach(Publication::release);
                }));
    }

    /** Something may have ended the connection: sees to the time the session has left. */
    private void watch(Session session) {
        watch(session, true);
    }

    /** @param keepsWill whether the connection leaves its will, if it has ended */
    private void watch(Session session, boolean keepsWill) {
        if (session.isConnected()) {
            return;
        }
        var owned = sessions.get(session.clientId());
        if (owned != null && owned.session().equals(session)) {
            presence.left(owned, keepsWill);
        }
    }
}
