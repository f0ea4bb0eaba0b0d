package io.meridianmq.core.session;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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

    private final String clientId;
    private final long clientHash;
    private final int home;
    private final Supplier<SessionLimits> limits;
    private final SessionOwner owner;
    private final Map<String, Subscription> subscriptions = new HashMap<>(2);
    private final Outflow outflow;
    private final Inflow inflow = new Inflow();
    private State state = State.NEW;

    /** What the message under way is to be delivered with, between its first match and its delivery. */
    private @Nullable DeliveryTerms matched;

    private @Nullable SessionPort port;
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

    /**
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
        this.outflow = new Outflow(this, owner, limits);
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
            port.close(CloseReason.SESSION_TAKEN_OVER);
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
            port.close(reason);
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
        subscriptions.put(filter, subscription);
        return subscribed(subscription, true);
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
        var removed = Optional.ofNullable(subscriptions.remove(filter));
        removed.ifPresent(outflow::unsubscribed);
        return removed;
    }

    /** Starts sending the retained messages that match the subscription, as fast as the client takes them. */
    public void replayRetained(Subscription subscription, long nowMillis) {
        if (isCurrent(subscription)) {
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
        if (isCurrent(subscription)) {
            outflow.onRetained(subscription, found, more, nowMillis);
        }
    }

    /** Whether a message is for this subscription: it still exists, and No Local does not forbid it. [MQTT-3.8.3-3] */
    public boolean wants(Subscription subscription, Publication publication) {
        return isCurrent(subscription)
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
        if (state != State.ENDED) {
            outflow.offer(publication, terms, nowMillis);
        }
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
        return inflow.onPublish(port, qos, packetIdentifier);
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
        inflow.onAccepted(port, arrival, qos, packetIdentifier, reasonCode);
    }

    public void onPubAck(SessionPort from, int packetIdentifier, long nowMillis) {
        if (from == port) {
            requireProtocol(outflow.onPubAck(packetIdentifier, nowMillis), nowMillis);
        }
    }

    public void onPubRec(SessionPort from, int packetIdentifier, int reasonCode, long nowMillis) {
        if (from == port) {
            requireProtocol(outflow.onPubRec(from, packetIdentifier, reasonCode, nowMillis), nowMillis);
        }
    }

    public void onPubRel(SessionPort from, int packetIdentifier, long nowMillis) {
        if (port != null && from == port) {
            requireProtocol(inflow.onPubRel(port, packetIdentifier), nowMillis);
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
        newPort.opened(sessionPresent, sessionExpirySeconds); // [MQTT-3.2.2-3] [MQTT3-3.2.2-2]
        outflow.attach(newPort, opening.receiveMaximum(), nowMillis);
        if (sessionPresent) {
            owner.presenceChanged(this);
        }
    }

    private void leave(Departure departure, long nowMillis) {
        port = null;
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
            owner.presenceChanged(this);
        }
    }

    private void end() {
        state = State.ENDED;
        ended = true;
        outflow.end();
        owner.ended(this);
        subscriptions.clear();
    }

    private long expiresAtMillis() {
        return sessionExpirySeconds == NEVER_EXPIRES ? NO_DEADLINE : goneAtMillis + sessionExpirySeconds * 1_000;
    }

    private boolean isCurrent(Subscription subscription) {
        return subscriptions.get(subscription.filter()) == subscription;
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
