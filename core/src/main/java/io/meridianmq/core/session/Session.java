package io.meridianmq.core.session;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.RecentPublications;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of one MQTT client between its first CONNECT and the end of its session.
 *
 * <pre>
 *            connect                 onGone, expiry > 0
 *   NEW ------------------> CONNECTED -------------------> WAITING
 *                            |  ^ |                         |   |
 *                     resume +--+ |          resume         |   |
 *                    (takeover) ^-|-------------------------+   |
 *                                 v  onGone, expiry 0           v  expiry passed, clean start, end
 *                               ENDED <-------------------------+
 * </pre>
 *
 * <p>Wills are not here: they are published where the zone keeps the client's claim.
 *
 * <p>Belongs to one thread, the one with the number {@link #home()}; all methods are called there, unless they say
 * otherwise. Events name the port that they came over: what an earlier connection still says is ignored. Times are wall
 * clock milliseconds.
 */
@SuppressWarnings("ReferenceEquality") // A port is one connection and a subscription one object: identity is meant.
public final class Session {

    /** A Session Expiry Interval that never passes. [MQTT-3.1.2-23] */
    public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

    /** The {@link #deadlineMillis()} of a session that waits for nothing. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    /** How long an earlier session may turn up: twice as long as what is for it is held. */
    private static final long RECURRING_MILLIS = 10 * 60_000;

    private static final int RECURRING_MAX = 65_536;

    private final String clientId;
    private final long clientHash;
    private final int home;
    private final Supplier<SessionLimits> limits;
    private final SessionOwner owner;
    private final Outflow outflow;

    /** By their filters; an immutable map of one while there is one, as mostly. */
    private Map<String, Subscription> subscriptions = Map.of();

    private Inflow inflow = Inflow.UNUSED;
    private final Optional<Keeping> keeping;
    private State state = State.NEW;

    /** What the message under way is to be delivered with, between its first match and its delivery. */
    private @Nullable DeliveryTerms matched;

    private @Nullable SessionPort port;

    /** The same port, behind what has to be kept first if the session is durable. */
    private @Nullable SessionPort way;

    private ConnectionNumber connectionNumber = ConnectionNumber.NONE;

    /** Null if no QoS 2 message may come a second time, as what an earlier session leaves to this one. */
    private @Nullable Recurring recurring;

    private int serverReceiveMaximum;
    private long sessionExpirySeconds;
    private long goneAtMillis;

    /** Read by other threads, which prefer connected members of shared subscriptions. */
    private volatile boolean connected;

    /** Read by other threads, which pass over members of shared subscriptions that are gone. */
    private volatile boolean ended;

    private enum State {
        NEW,
        CONNECTED,
        WAITING,
        ENDED
    }

    /** How a durable session is kept: where, and by which number, which no other session ever has there. */
    private record Keeping(SessionJournal journal, long number, JournaledBacklog backlog) {}

    /** The QoS 2 messages that may come a second time, and until when. */
    private record Recurring(RecentPublications known, long untilMillis) {}

    /**
     * A session that ends with the process.
     *
     * @param clientHash what {@link Publication#publisherHash()} is for this client's messages
     * @param home number of the thread that the session belongs to, for the owner's use
     * @param limits what it may hold, asked each time that this matters; a lower limit takes away nothing that is there
     */
    public Session(String clientId, long clientHash, int home, Supplier<SessionLimits> limits, SessionOwner owner) {
        this.clientId = clientId;
        this.clientHash = clientHash;
        this.home = home;
        this.limits = limits;
        this.owner = owner;
        this.keeping = Optional.empty();
        this.outflow = new Outflow(this, new MemoryBacklog(this));
    }

    /**
     * A durable session.
     *
     * @param number of the session in the journal, which no other session has or had
     */
    public Session(
            String clientId,
            long clientHash,
            int home,
            Supplier<SessionLimits> limits,
            SessionOwner owner,
            SessionJournal journal,
            long number) {
        this.clientId = clientId;
        this.clientHash = clientHash;
        this.home = home;
        this.limits = limits;
        this.owner = owner;
        var backlog = new JournaledBacklog(this, owner, limits, journal);
        this.keeping = Optional.of(new Keeping(journal, number, backlog));
        this.outflow = new Outflow(this, backlog);
    }

    // ---- A durable session after a restart

    /** What was kept of the session; the first call on one that is not new. */
    public void restore(SessionFacts facts, SessionProgress progress, long nowMillis) {
        state = State.WAITING;
        connectionNumber = facts.connection();
        sessionExpirySeconds = facts.sessionExpirySeconds();
        goneAtMillis = facts.goneAtMillis() == SessionFacts.CONNECTED ? nowMillis : facts.goneAtMillis();
        keeping.orElseThrow().backlog.restore(progress);
    }

    /** A subscription that was kept. */
    public Subscription restore(String filter, SubscriptionOptions options, Optional<String> owedAfterTopic) {
        var subscription = new Subscription(this, filter, options);
        add(subscription);
        owedAfterTopic.ifPresent(topic -> outflow.restoreReplay(subscription, topic));
        return subscription;
    }

    /** A message that was kept and {@linkplain SessionProgress#isOwed is owed}, in the order of the positions. */
    public void restore(long locator, long position, int sizeBytes, boolean isOfGroup) {
        keeping.orElseThrow().backlog.restore(locator, position, sizeBytes, isOfGroup);
    }

    /** A QoS 2 message of the client that was taken in. */
    public void restore(int packetIdentifier, PublicationId id) {
        ownInflow().restore(packetIdentifier, id);
    }

    // ---- What is kept

    /** Whether the session outlives the process. Any thread. */
    public boolean isDurable() {
        return keeping.isPresent();
    }

    /** Its number in the journal, if it is durable. Any thread. */
    public OptionalLong number() {
        return keeping.isPresent() ? OptionalLong.of(keeping.get().number) : OptionalLong.empty();
    }

    /** What is to be kept of it beside subscriptions and messages. */
    public SessionFacts facts() {
        return new SessionFacts(
                clientId,
                connectionNumber,
                sessionExpirySeconds,
                state == State.CONNECTED ? SessionFacts.CONNECTED : goneAtMillis);
    }

    /** How far it has come with its messages; of a durable session. */
    public SessionProgress progress() {
        return keeping.orElseThrow().backlog.progress(outflow.window());
    }

    /** The answer to {@link SessionJournal#message}: it is kept, at {@code locator}, which is not negative. */
    public void onMessageKept(Outbound message, long locator, long nowMillis) {
        keeping.orElseThrow().backlog.onKept(message, locator);
        outflow.pump(nowMillis);
        if (message.publication != null && message.packetIdentifier == 0) {
            message.keepForLong();
        }
    }

    /** The answer to {@link SessionJournal#message}: there is no room for it. */
    public void onMessageRefused(Outbound message) {
        if (recurring != null && message.publication != null) {
            recurring.known.forget(message.publication.id()); // It comes again, and is new then.
        }
        keeping.orElseThrow().backlog.onRefused(message);
    }

    /** Messages were read that wait for the connection. */
    void onLoaded(long nowMillis) {
        outflow.pump(nowMillis);
    }

    /** Writes a subscription down, as {@link #subscribe} has changed it; at once done if the session is not durable. */
    public void keep(SubscribeResult.Subscribed subscribed, SessionJournal.Kept kept, long nowMillis) {
        keeping.ifPresentOrElse(
                with -> with.journal.subscription(
                        this,
                        subscribed.subscription(),
                        subscribed.sendRetained() ? Optional.of("") : Optional.empty(),
                        kept),
                () -> kept.then(SessionJournal.Outcome.KEPT, nowMillis));
    }

    /** Tells when everything is kept that was written until now; at once if the session is not durable. */
    public void whenKept(SessionJournal.Kept kept, long nowMillis) {
        keeping.ifPresentOrElse(
                with -> with.journal.whenKept(kept), () -> kept.then(SessionJournal.Outcome.KEPT, nowMillis));
    }

    /**
     * A QoS 2 message that {@link #onPublish} admitted will be published with this identity, as soon as that is kept.
     */
    public void takeIn(int packetIdentifier, PublicationId id, SessionJournal.Kept kept, long nowMillis) {
        inflow.identify(packetIdentifier, id);
        keeping.ifPresentOrElse(
                with -> with.journal.takenIn(this, packetIdentifier, id, kept),
                () -> kept.then(SessionJournal.Outcome.KEPT, nowMillis));
    }

    /** What a QoS 2 message of the client that was taken in is published as. */
    public Optional<PublicationId> identity(int packetIdentifier) {
        return inflow.identity(packetIdentifier);
    }

    /** The retained messages that a subscription has yet to get begin behind another topic now; or there are none left. */
    void keepOwed(Subscription subscription, Optional<String> owedAfterTopic) {
        keeping.ifPresent(with -> with.journal.subscription(this, subscription, owedAfterTopic, (_, _) -> {}));
    }

    Optional<Subscription> subscription(String filter) {
        return Optional.ofNullable(subscriptions.get(filter));
    }

    /** Its memberships in shared subscriptions. */
    List<Subscription> groups() {
        return subscriptions.values().stream().filter(Subscription::isShared).toList();
    }

    /** What the client is told from now on waits until everything is kept that was written until now. */
    void holdUntilKept() {
        if (way instanceof KeptPort held) {
            held.hold(nowMillis -> close(CloseReason.QUOTA_EXCEEDED, nowMillis));
        }
    }

    SessionOwner owner() {
        return owner;
    }

    /** What it may hold at the moment. */
    SessionLimits limits() {
        return limits.get();
    }

    private void keepFacts() {
        keeping.ifPresent(with -> with.journal.facts(this));
    }

    /** Any thread. */
    public String clientId() {
        return clientId;
    }

    /** Any thread. */
    public long clientHash() {
        return clientHash;
    }

    /** Any thread. */
    public int home() {
        return home;
    }

    /** Whether the client has a connection. Any thread; others than the session's see it a moment late. */
    public boolean isConnected() {
        return connected;
    }

    /** Whether the session is over. Any thread; others than the session's see it a moment late. */
    public boolean isEnded() {
        return ended;
    }

    /** Whether messages go to this port. */
    public boolean isConnectedOver(SessionPort candidate) {
        return port == candidate;
    }

    /** Where messages go; empty without a connection. */
    public Optional<SessionPort> port() {
        return Optional.ofNullable(port);
    }

    /** How long the session lives without a connection, as it was agreed on last. */
    public long sessionExpirySeconds() {
        return sessionExpirySeconds;
    }

    public Collection<Subscription> subscriptions() {
        return Collections.unmodifiableCollection(subscriptions.values());
    }

    /** Messages behind the window. */
    public int queued() {
        return outflow.queued();
    }

    /** Messages in the window: sent, and not acknowledged to the end. */
    public int inFlight() {
        return outflow.inFlight();
    }

    /** Number of its last connection, as the owner of its slot granted it. */
    public ConnectionNumber connectionNumber() {
        return connectionNumber;
    }

    /** The connection that comes with the next {@link #connect} or {@link #resume} has this number. */
    public void connectionNumber(ConnectionNumber next) {
        connectionNumber = next;
    }

    /** The first connection of a new session. */
    public void connect(Opening opening, SessionPort newPort, long nowMillis) {
        if (state != State.NEW) {
            throw new IllegalStateException("session of " + clientId + " is " + state + ": only a new one connects");
        }
        attach(opening, newPort, false, nowMillis); // [MQTT-3.2.2-2] [MQTT3-3.2.2-1] [MQTT3-3.2.2-3]
    }

    /**
     * Another connection with the same client identifier. An existing one is closed first. [MQTT-3.1.4-3]
     *
     * @return whether the session goes on with it; if not, this session has ended, and the opening is for a new one
     */
    public boolean resume(Opening opening, SessionPort newPort, long nowMillis) {
        if (port != null) {
            wayToClient().close(CloseReason.SESSION_TAKEN_OVER);
            leave(Departure.LOST, nowMillis);
        }
        tick(nowMillis);
        // [MQTT3-3.1.2-6] [MQTT-3.1.4-4] [MQTT3-3.1.4-3]
        if (state != State.ENDED && opening.cleanStart()) { // [MQTT-3.1.2-4]
            end();
        }
        if (state == State.ENDED) {
            return false;
        }
        attach(opening, newPort, true, nowMillis); // [MQTT-3.1.2-5] [MQTT3-3.1.2-4]
        return true;
    }

    /** The connection ended, from the client's side or the network's. */
    public void onGone(SessionPort from, Departure departure, long nowMillis) {
        if (from == port) {
            leave(departure, nowMillis);
        }
    }

    /** Ends the connection, if there is one, from the server's side. */
    public void close(CloseReason reason, long nowMillis) {
        if (port != null) {
            wayToClient().close(reason);
            leave(Departure.LOST, nowMillis);
        }
    }

    /** The session is over, whatever its expiry: it goes on elsewhere, or the client has another one. */
    public void end(CloseReason reason, long nowMillis) {
        close(reason, nowMillis);
        if (state != State.ENDED) {
            end();
        }
    }

    /** Ends the session if its time has come. To be called at {@link #deadlineMillis()}. */
    public void tick(long nowMillis) {
        if (state == State.WAITING && nowMillis >= expiresAtMillis()) { // [MQTT-4.1.0-2]
            end();
        }
    }

    /** When {@link #tick} has something to do. */
    public long deadlineMillis() {
        return state == State.WAITING ? expiresAtMillis() : NO_DEADLINE;
    }

    /** A topic filter of a SUBSCRIBE. */
    public SubscribeResult subscribe(String filter, SubscriptionOptions options) {
        var existing = subscriptions.get(filter);
        if (existing != null) {
            existing.change(options); // [MQTT-3.8.4-3] [MQTT3-3.8.4-3]
            return subscribed(existing, false);
        }
        if (subscriptions.size() >= limits.get().subscriptionsMax()) {
            return new SubscribeResult.Refused();
        }
        var subscription = new Subscription(this, filter, options);
        add(subscription);
        return subscribed(subscription, true);
    }

    private void add(Subscription subscription) {
        if (subscriptions.isEmpty()) {
            subscriptions = Map.of(subscription.filter(), subscription);
            return;
        }
        if (!(subscriptions instanceof HashMap)) {
            subscriptions = new HashMap<>(subscriptions);
        }
        subscriptions.put(subscription.filter(), subscription);
    }

    private @Nullable Subscription remove(String filter) {
        if (subscriptions instanceof HashMap) {
            return subscriptions.remove(filter);
        }
        var only = subscriptions.get(filter);
        subscriptions = only == null ? subscriptions : Map.of();
        return only;
    }

    private SubscribeResult subscribed(Subscription subscription, boolean isNew) {
        var sendsRetained = sendsRetained(subscription, isNew);
        if (sendsRetained) {
            outflow.announceReplay(subscription);
        }
        return new SubscribeResult.Subscribed(subscription, isNew, sendsRetained);
    }

    /** A topic filter of an UNSUBSCRIBE; empty if the session does not have it. [MQTT-3.10.4-1] */
    public Optional<Subscription> unsubscribe(String filter) {
        var removed = Optional.ofNullable(remove(filter));
        removed.ifPresent(subscription -> {
            subscription.end();
            outflow.unsubscribed(subscription);
            keeping.ifPresent(with -> with.journal.unsubscribed(this, filter));
        });
        return removed;
    }

    /** Starts sending the retained messages that match the subscription, as fast as the client takes them. */
    public void replayRetained(Subscription subscription, long nowMillis) {
        if (subscription.isCurrent()) {
            outflow.replay(subscription, nowMillis);
        }
    }

    /**
     * The answer to {@link SessionOwner#lookUpRetained}.
     *
     * @param found in topic order, borrowed for the call
     * @param more whether later topics match as well
     */
    public void onRetained(Subscription subscription, Iterable<Publication> found, boolean more, long nowMillis) {
        if (subscription.isCurrent()) {
            outflow.onRetained(subscription, found, more, nowMillis);
        }
    }

    /** Whether a message is for this subscription: it still exists, and No Local does not forbid it. [MQTT-3.8.3-3] */
    public boolean wants(Subscription subscription, Publication publication) {
        return subscription.isCurrent()
                && !(subscription.options().noLocal() && publication.publisherHash() == clientHash);
    }

    /**
     * Notes that a message matches a subscription, which is not a shared one. When all matching subscriptions of the
     * message have been noted, {@link #deliverMatched} hands it over.
     *
     * @return whether this is the session's first match of the message, so that the session is to be remembered
     */
    public boolean match(Subscription subscription, Publication publication) {
        if (!wants(subscription, publication)) {
            return false;
        }
        var terms = subscription.terms();
        var isFirst = matched == null;
        matched = matched == null ? terms : matched.and(terms);
        return isFirst;
    }

    /** Delivers the message of the calls of {@link #match} before. It is borrowed for the call. */
    public void deliverMatched(Publication publication, long nowMillis) {
        if (matched != null) {
            var terms = matched;
            matched = null;
            deliver(publication, terms, nowMillis);
        }
    }

    /**
     * A message for the client, one copy.
     *
     * @param publication borrowed for the call
     * @param terms of a subscription that {@link #wants} it
     */
    public void deliver(Publication publication, DeliveryTerms terms, long nowMillis) {
        if (state != State.ENDED && !recurs(publication, terms, nowMillis)) {
            outflow.offer(publication, terms, nowMillis);
        }
    }

    /**
     * The client may have had a session elsewhere until now, which wants for a while what this one wants, and leaves it to
     * this one then: QoS 2 messages are delivered once of the two. [MQTT-4.3.3-10]
     */
    public void mayInherit(long nowMillis) {
        recurring = new Recurring(new RecentPublications(RECURRING_MAX), nowMillis + RECURRING_MILLIS);
    }

    private boolean recurs(Publication publication, DeliveryTerms terms, long nowMillis) {
        if (recurring == null
                || publication.qos() != Qos.EXACTLY_ONCE
                || terms.group().isPresent()) {
            return false;
        }
        if (nowMillis >= recurring.untilMillis) {
            recurring = null;
            return false;
        }
        return !recurring.known.note(publication.id());
    }

    /**
     * The client sent a PUBLISH of QoS 1 or 2.
     *
     * @return whether to publish it; then {@link #lastArrival()} is its number
     */
    public Intake onPublish(SessionPort from, Qos qos, int packetIdentifier, long nowMillis) {
        if (port == null || from != port) {
            return Intake.IGNORE;
        }
        if (inflow.outstanding() >= serverReceiveMaximum && !inflow.isKnown(qos, packetIdentifier)) {
            close(CloseReason.RECEIVE_MAXIMUM_EXCEEDED, nowMillis); // [MQTT-3.3.4-7]
            return Intake.IGNORE;
        }
        return ownInflow().onPublish(wayToClient(), qos, packetIdentifier);
    }

    private Inflow ownInflow() {
        if (inflow == Inflow.UNUSED) {
            inflow = new Inflow();
        }
        return inflow;
    }

    /** The number of the message that {@link #onPublish} admitted last. */
    public long lastArrival() {
        return inflow.lastArrival();
    }

    /**
     * A message of the client is in safe custody, or is refused: it is answered when those before it are.
     *
     * @param arrival its {@link #lastArrival()}
     * @param reasonCode of PUBACK or PUBREC
     */
    public void onAccepted(long arrival, Qos qos, int packetIdentifier, int reasonCode) {
        var id = qos == Qos.EXACTLY_ONCE ? keptIdentity(packetIdentifier) : Optional.<PublicationId>empty();
        if (inflow.onAccepted(way, arrival, qos, packetIdentifier, reasonCode)) {
            forgetIntake(packetIdentifier, id);
        }
    }

    /** What a message that was taken in is kept as, for as long as its exchange lasts. */
    private Optional<PublicationId> keptIdentity(int packetIdentifier) {
        return keeping.isPresent() ? inflow.identity(packetIdentifier) : Optional.empty();
    }

    private void forgetIntake(int packetIdentifier, Optional<PublicationId> id) {
        if (keeping.isPresent() && id.isPresent()) {
            keeping.get().journal.released(this, packetIdentifier, id.get());
        }
    }

    public void onPubAck(SessionPort from, int packetIdentifier, long nowMillis) {
        if (from == port) {
            requireProtocol(outflow.onPubAck(packetIdentifier, nowMillis), nowMillis);
        }
    }

    public void onPubRec(SessionPort from, int packetIdentifier, int reasonCode, long nowMillis) {
        if (from == port) {
            requireProtocol(outflow.onPubRec(wayToClient(), packetIdentifier, reasonCode, nowMillis), nowMillis);
        }
    }

    public void onPubRel(SessionPort from, int packetIdentifier, long nowMillis) {
        if (port == null || from != port) {
            return;
        }
        var id = keptIdentity(packetIdentifier);
        switch (inflow.onPubRel(packetIdentifier)) {
            case RELEASED -> {
                forgetIntake(packetIdentifier, id);
                holdUntilKept(); // The client may use the identifier again when it has heard.
                wayToClient().sendPubComp(packetIdentifier, ReasonCodes.SUCCESS); // [MQTT-4.3.3-11] [MQTT-4.3.3-12]
            }
            case UNKNOWN -> wayToClient().sendPubComp(packetIdentifier, ReasonCodes.PACKET_IDENTIFIER_NOT_FOUND);
            case TOO_EARLY -> requireProtocol(false, nowMillis);
        }
    }

    public void onPubComp(SessionPort from, int packetIdentifier, long nowMillis) {
        if (from == port) {
            requireProtocol(outflow.onPubComp(packetIdentifier, nowMillis), nowMillis);
        }
    }

    /** The connection takes messages again after {@link SessionPort#hasRoom()} was false. */
    public void onRoom(SessionPort from, long nowMillis) {
        if (from == port) {
            outflow.pump(nowMillis);
        }
    }

    /** A message that the port took was too large for the client and was not sent. 0 as identifier at QoS 0. */
    public void onTooLarge(SessionPort from, int packetIdentifier, long nowMillis) {
        if (from == port) {
            outflow.onTooLarge(packetIdentifier, nowMillis);
        }
    }

    private void attach(Opening opening, SessionPort newPort, boolean sessionPresent, long nowMillis) {
        state = State.CONNECTED; // [MQTT3-4.1.0-2]
        port = newPort;
        connected = true;
        serverReceiveMaximum = opening.serverReceiveMaximum();
        sessionExpirySeconds =
                Math.min(opening.sessionExpirySeconds(), limits.get().sessionExpirySecondsMax());
        way = keeping.isPresent() ? new KeptPort(newPort, this, keeping.get().journal) : newPort;
        keepFacts();
        holdUntilKept();
        way.opened(sessionPresent, sessionExpirySeconds); // [MQTT-3.2.2-3] [MQTT3-3.2.2-2]
        outflow.attach(way, opening.receiveMaximum(), nowMillis);
        if (sessionPresent) {
            owner.presenceChanged(this);
        }
    }

    private void leave(Departure departure, long nowMillis) {
        port = null;
        if (way instanceof KeptPort held) {
            held.discard();
        }
        way = null;
        connected = false;
        state = State.WAITING; // [MQTT-3.1.2-23] [MQTT3-4.1.0-1]
        goneAtMillis = nowMillis;
        inflow.onConnectionLost();
        outflow.detach();
        departure
                .sessionExpirySeconds()
                .ifPresent(seconds ->
                        sessionExpirySeconds = Math.min(seconds, limits.get().sessionExpirySecondsMax()));
        tick(nowMillis);
        if (state == State.WAITING) {
            keepFacts();
            owner.presenceChanged(this);
        }
    }

    private void end() {
        state = State.ENDED;
        ended = true;
        outflow.end();
        keeping.ifPresent(with -> with.journal.ended(this));
        owner.ended(this);
        subscriptions.values().forEach(Subscription::end);
        subscriptions = Map.of();
    }

    private long expiresAtMillis() {
        return sessionExpirySeconds == NEVER_EXPIRES ? NO_DEADLINE : goneAtMillis + sessionExpirySeconds * 1_000;
    }

    private SessionPort wayToClient() {
        return Objects.requireNonNull(way, "there is a connection");
    }

    private static boolean sendsRetained(Subscription subscription, boolean isNew) {
        return !subscription.isShared() // [MQTT-3.8.4-4] is not for shared subscriptions (section 4.8.2).
                && subscription.options().retainHandling().sends(isNew);
    }

    private void requireProtocol(boolean kept, long nowMillis) {
        if (!kept) {
            close(CloseReason.PROTOCOL_ERROR, nowMillis);
        }
    }
}
