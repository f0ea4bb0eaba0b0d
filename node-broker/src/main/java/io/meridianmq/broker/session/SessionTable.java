package io.meridianmq.broker.session;

import io.meridianmq.broker.claim.LoopClaims;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.Properties;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.publish.Acceptance;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.remote.Acknowledgement;
import io.meridianmq.broker.remote.ToClient;
import io.meridianmq.broker.remote.ToSession;
import io.meridianmq.broker.store.LoopJournal;
import io.meridianmq.broker.store.StoredSession;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.PublisherHash;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.DeliveryTerms;
import io.meridianmq.core.session.Departure;
import io.meridianmq.core.session.DropReason;
import io.meridianmq.core.session.Opening;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionJournal;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.SessionOwner;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.topic.TopicFilter;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The sessions of one loop: opens and ends them, carries out what they ask for, and takes what their clients say.
 *
 * <p>Belongs to its loop.
 */
public final class SessionTable implements SessionOwner {

    /** Sessions whose time has passed that end in one tick; the others end in the next. */
    private static final int ENDED_AT_ONCE = 500;

    /** Messages of one session that are on their way to its heir. */
    private static final int BEQUEATHED_AT_ONCE = 100;

    private final Loop loop;
    private final ClientRegistry registry;
    private final Supplier<SessionLimits> limits;
    private final SessionMetrics metrics;
    private final InstantSource clock;
    private final Stamps stamps;
    private final Stamps.Numbers numbers;
    private final PublishFlow publishFlow;
    private final RetainedMessages retained;
    private final SubscribeFlow subscribeFlow;
    private final LoopClaims claims;
    private final Optional<LoopJournal> journal;

    /** Identities of QoS 2 messages of durable sessions, which keep them over a restart. */
    private final Stamps.Numbers keptNumbers;

    private final Map<String, OwnedSession> sessions = new HashMap<>();
    private final Deadlines deadlines = new Deadlines();

    /**
     * What the tables of all loops share.
     *
     * @param limits what one session may hold at the moment
     */
    public record Shared(
            ClientRegistry registry,
            Supplier<SessionLimits> limits,
            SessionMetrics metrics,
            InstantSource clock,
            Stamps stamps,
            RetainedMessages retained) {}

    /** @param journal where durable sessions are kept; without one, all sessions end with the process */
    public SessionTable(
            Loop loop,
            Shared shared,
            PublishFlow publishFlow,
            SubscribeFlow subscribeFlow,
            LoopClaims claims,
            Optional<LoopJournal> journal) {
        this.loop = loop;
        this.registry = shared.registry();
        this.limits = shared.limits();
        this.metrics = shared.metrics();
        this.clock = shared.clock();
        this.stamps = shared.stamps();
        this.numbers = shared.stamps().numbers();
        this.retained = shared.retained();
        this.publishFlow = publishFlow;
        this.subscribeFlow = subscribeFlow;
        this.claims = claims;
        this.journal = journal;
        this.keptNumbers = shared.stamps().keptNumbers();
    }

    /** Number of the loop that the table belongs to. Any thread. */
    public int index() {
        return loop.index();
    }

    Loop loop() {
        return loop;
    }

    /** Any thread. */
    long expirySeconds(long wanted) {
        return Math.min(wanted, limits.get().sessionExpirySecondsMax());
    }

    /** Looks after sessions whose time has come; to be called a few times a second. */
    public void tick() {
        deadlines.tick(clock.millis(), ENDED_AT_ONCE);
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
        stored.wills().forEach(will -> owned.wills().add(will.number()));
        deadlines.watch(owned);
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
        sessions.put(clientId, owned); // [MQTT-3.1.2-6]
        session.connectionNumber(request.number());
        session.connect(request.opening(), port, clock.millis());
        connected(attachment, owned, request);
    }

    private void connected(Attachment attachment, OwnedSession owned, SessionRequest request) {
        attachment.session(owned.session());
        owned.newest(request.number());
        keepWill(owned, request);
        if (owned.isAtHome()) {
            owned.toldConnected(true);
            claims.sessionConnected(
                    request.clientId(),
                    request.number(),
                    request.front(),
                    owned.session().sessionExpirySeconds(),
                    request.will());
        }
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

    /** Of the wills of a durable session's connections only the last one's counts, and is written with the session. */
    private void keepWill(OwnedSession owned, SessionRequest request) {
        if (journal.isPresent() && owned.session().isDurable()) {
            dropWills(owned);
            request.will().ifPresent(will -> {
                journal.get().will(owned.session(), request.number(), will);
                owned.wills().add(request.number());
            });
        }
    }

    private void dropWills(OwnedSession owned) {
        owned.wills()
                .forEach(number ->
                        journal.orElseThrow().noWill(owned.session().number().orElseThrow(), number));
        owned.wills().clear();
    }

    /** A will is published, or given up. */
    void willDone(String clientId, ConnectionNumber number) {
        var owned = sessions.get(clientId);
        if (owned != null && owned.wills().remove(number)) {
            journal.orElseThrow().noWill(owned.session().number().orElseThrow(), number);
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
            dropWills(owned);
        }
        List.copyOf(session.subscriptions())
                .forEach(subscription -> subscribeFlow.unsubscribe(session, TopicFilter.of(subscription.filter())));
        attachment.session(session);
        var opening = new Opening(false, session.sessionExpirySeconds(), BEQUEATHED_AT_ONCE, BEQUEATHED_AT_ONCE);
        return !session.isEnded() && session.resume(opening, attachment.port(), clock.millis());
    }

    /** Whether nothing is left in a session that passes on what it has. */
    boolean isDrained(Attachment attachment) {
        var session = attachment.current();
        return session != null && session.queued() == 0 && session.inFlight() == 0;
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
        var session = owned.session();
        var terms = new DeliveryTerms(message.qos(), true, message.subscriptionIdentifiers(), Optional.empty());
        session.deliver(publication, terms, clock.millis());
        publication.release();
        metrics.inherited.increment();
        if (message.qos() != Qos.AT_MOST_ONCE) {
            session.whenKept(
                    (outcome, _) -> answer.accept(
                            outcome == SessionJournal.Outcome.KEPT
                                    ? new Acknowledgement(
                                            Acknowledgement.Type.PUBACK, message.packetIdentifier(), ReasonCode.SUCCESS)
                                    : new ToClient.Close(CloseReason.QUOTA_EXCEEDED)),
                    clock.millis());
        }
    }

    void onGone(Attachment attachment, Departure departure) {
        var session = attachment.current();
        if (session != null) {
            session.onGone(attachment.port(), departure, clock.millis());
            var owned = sessions.get(session.clientId());
            var keepsWill = departure.manner() != Departure.Manner.NORMAL;
            if (owned != null && !keepsWill) {
                dropWills(owned); // [MQTT-3.14.4-3]
            }
            watch(session, keepsWill);
        }
    }

    /** A PUBLISH with its topic resolved; its frame passes to this call. */
    void onPublish(Attachment attachment, PublishPacket packet, int packetBytes) {
        var session = attachment.current();
        var port = attachment.port();
        var qos = packet.qos();
        if (session == null) {
            packet.release();
            port.dealtWith(packetBytes);
        } else if (qos == Qos.AT_MOST_ONCE) {
            publish(session, packet, Acceptance.NOT_AWAITED);
            port.dealtWith(packetBytes);
        } else {
            // [MQTT-3.3.4-1] [MQTT3-3.3.4-1]
            switch (session.onPublish(port, qos, packet.packetIdentifier(), clock.millis())) {
                case PUBLISH -> {
                    var acceptance = acceptance(session, port, qos, packet.packetIdentifier(), packetBytes);
                    if (qos == Qos.EXACTLY_ONCE && session.isDurable()) {
                        takeIn(session, packet, acceptance);
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
                    watch(session);
                    packet.release();
                    port.dealtWith(packetBytes);
                }
            }
        }
    }

    /** A QoS 2 message whose identity has to be kept before anybody gets it. [MQTT-4.3.3-10] */
    private void takeIn(Session session, PublishPacket packet, Acceptance acceptance) {
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

    /** A PUBLISH of QoS 1 or 2 that is not to be made: it takes its turn among the answers. [MQTT-4.6.0-2] */
    void onRefusedPublish(
            Attachment attachment, Qos qos, int packetIdentifier, ReasonCode reasonCode, int packetBytes) {
        var session = attachment.current();
        var port = attachment.port();
        if (session != null) {
            switch (session.onPublish(port, qos, packetIdentifier, clock.millis())) {
                case PUBLISH, PUBLISH_AGAIN ->
                    session.onAccepted(session.lastArrival(), qos, packetIdentifier, reasonCode.code());
                case DUPLICATE, IGNORE -> {}
            }
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
        return session == null
                ? List.of()
                : session.subscriptions().stream()
                        .map(subscription -> TopicFilter.of(subscription.filter()))
                        .toList();
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
        var forbidden = session.subscriptions().stream()
                .map(subscription -> TopicFilter.of(subscription.filter()))
                .filter(allowed.negate())
                .toList();
        for (var filter : forbidden) {
            subscribeFlow.unsubscribe(session, filter);
            metrics.withdrawn.increment();
        }
        return !forbidden.isEmpty();
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
        if (owned != null && owned.isAtHome()) {
            claims.sessionEnded(session.clientId(), session.connectionNumber());
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

    private void publish(Session session, PublishPacket packet, Acceptance acceptance) {
        publish(session, packet, acceptance, numbers.next());
    }

    private void publish(Session session, PublishPacket packet, Acceptance acceptance, PublicationId id) {
        var now = clock.millis();
        var expiry = packet.messageExpiryIntervalSeconds();
        var publication = new Publication(
                id,
                stamps.timestamp(now),
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
        if (owned == null || !owned.session().equals(session)) {
            return;
        }
        deadlines.watch(owned);
        if (owned.isToldConnected()) {
            owned.toldConnected(false);
            claims.sessionLeft(
                    session.clientId(), session.connectionNumber(), session.sessionExpirySeconds(), keepsWill);
        }
    }
}
