package io.meridianmq.core.session;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the client: QoS 0 at once or never, QoS 1 and 2 through a window with a bounded queue behind it.
 *
 * <p>On a connection that continues the session, everything in the window is sent again in its old order and with its old
 * identifiers, within the client's Receive Maximum, before anything from the queue.
 */
@SuppressWarnings("ReferenceEquality") // A port is one connection and an outbound one message: identity is meant.
final class Outflow {

    private final Session session;
    private final Backlog backlog;
    private Window window = Window.UNUSED;
    private @Nullable SessionPort port;

    /** Null when no subscription is owed anything, which is most of the time. */
    private @Nullable RetainedReplay replay;

    /** How many messages of the window may be with the client at once. */
    private int quota;

    /** How many of the window were sent over this connection. */
    private int sent;

    /** The first of the window that was not yet sent again over this connection; null when all were. */
    private @Nullable Outbound resend;

    Outflow(Session session, Backlog backlog) {
        this.session = session;
        this.backlog = backlog;
    }

    void attach(SessionPort newPort, int receiveMaximum, long nowMillis) {
        port = newPort;
        quota = Math.min(receiveMaximum, session.limits().inFlightMax()); // [MQTT-3.3.4-9] [MQTT-4.9.0-1]
        sent = 0;
        backlog.attach(this::enter);
        resend = window.oldest(); // [MQTT-4.4.0-1] [MQTT-4.6.0-1] // [MQTT-4.3.2-3] [MQTT-4.3.3-3] [MQTT3-4.3.2-1]
        // [MQTT3-4.4.0-1] [MQTT-4.8.2-4]
        pump(nowMillis);
    }

    void detach() {
        port = null;
        backlog.detach(window);
        if (replay != null) {
            replay.detached();
            endReplayIfDone();
        }
    }

    int queued() {
        return backlog.size();
    }

    Window window() {
        return window;
    }

    int inFlight() {
        return window.size();
    }

    /** A live message, to be delivered under {@code terms}. Allocates nothing if the result is QoS 0. */
    void offer(Publication publication, DeliveryTerms terms, long nowMillis) {
        if (publication.isExpired(nowMillis)) {
            session.owner().dropped(session, DropReason.EXPIRED);
            return;
        }
        if (replay != null && replay.isOpen()) {
            replay.delivered(publication);
        }
        var qos = publication.qos().min(terms.maximumQos()); // [MQTT-3.8.4-8] [MQTT3-3.8.4-6]
        // [MQTT3-3.3.1-9]
        var retain = publication.retain() && terms.retainAsPublished(); // [MQTT-3.3.1-12] [MQTT-3.3.1-13]
        if (qos == Qos.AT_MOST_ONCE) {
            deliverAtMostOnce(publication, terms, retain);
        } else if (port != null && mayStart(port) && backlog.isPassable() && resend == null) {
            // Nothing waits that came before. [MQTT-4.6.0-5] [MQTT-4.6.0-6] [MQTT3-4.6.0-5] [MQTT3-4.6.0-6]
            start(port, new Outbound(publication.share(), qos, retain, terms, Outbound.NO_POSITION));
        } else if (!backlog.hasHad(publication)) {
            // [MQTT-4.5.0-1] [MQTT3-4.5.0-1] [MQTT3-3.1.2-5]
            backlog.add(publication, qos, retain, terms, nowMillis);
        }
    }

    /** Sends whatever the window, the connection and the client's quota allow now. */
    void pump(long nowMillis) {
        if (port == null) {
            return;
        }
        while (resend != null && mayStart(port)) {
            var next = resend;
            resend = next.newer;
            sendAgain(port, next);
        }
        while (resend == null && mayStart(port) && mayStartNext()) {
            startIfAlive(port, backlog.next(), nowMillis);
        }
        if (replay != null) {
            pumpRetained(port, replay, nowMillis);
        }
    }

    private void pumpRetained(SessionPort to, RetainedReplay from, long nowMillis) {
        while (resend == null && backlog.hasRoomForRetained() && mayStart(to) && from.hasNext()) {
            startRetained(to, from, nowMillis);
        }
        if (backlog.hasRoomForRetained()) {
            from.lookUpIfDry();
        }
        endReplayIfDone();
    }

    private RetainedReplay openReplay() {
        if (replay == null) {
            replay = new RetainedReplay(session, session.owner());
        }
        return replay;
    }

    private void endReplayIfDone() {
        if (replay != null && !replay.isOpen()) {
            replay = null;
        }
    }

    /** Whether the next message of the backlog has an identifier that no message of the window has. */
    private boolean mayStartNext() {
        return backlog.hasNext()
                && (backlog.peek().position == Outbound.NO_POSITION
                        || window.isFree(backlog.peek().fixedIdentifier()));
    }

    /** Live messages for the subscription come from now on, retained ones with {@link #replay}. */
    void announceReplay(Subscription subscription) {
        openReplay().announce(subscription);
    }

    /** A subscription is owed what is retained behind a topic, from before a restart. */
    void restoreReplay(Subscription subscription, String afterTopic) {
        openReplay().restore(subscription, afterTopic);
    }

    void replay(Subscription subscription, long nowMillis) {
        openReplay().open(subscription);
        pump(nowMillis);
    }

    void onRetained(Subscription subscription, Iterable<Publication> found, boolean more, long nowMillis) {
        if (replay != null) { // Else it was unsubscribed meanwhile.
            replay.onFound(subscription, found, more);
            pump(nowMillis);
            endReplayIfDone();
        }
    }

    void unsubscribed(Subscription subscription) {
        if (replay != null) {
            replay.cancel(subscription); // [MQTT-3.10.4-3] [MQTT3-3.10.4-3]
            endReplayIfDone();
        }
    }

    /** False if the client broke the protocol: a PUBACK for a QoS 2 message. */
    boolean onPubAck(int packetIdentifier, long nowMillis) {
        var outbound = window.find(packetIdentifier);
        if (outbound == null) {
            return true; // The answer to something an earlier session of the client got.
        }
        if (outbound.qos != Qos.AT_LEAST_ONCE) {
            return false;
        }
        finish(outbound);
        pump(nowMillis);
        return true;
    }

    /** False if the client broke the protocol: a PUBREC for a QoS 1 message. */
    boolean onPubRec(SessionPort to, int packetIdentifier, int reasonCode, long nowMillis) {
        var outbound = window.find(packetIdentifier);
        if (outbound == null) {
            if (reasonCode < ReasonCodes.FIRST_ERROR) {
                to.sendPubRel(packetIdentifier, ReasonCodes.PACKET_IDENTIFIER_NOT_FOUND);
            }
            return true;
        }
        if (outbound.qos != Qos.EXACTLY_ONCE) {
            return false;
        }
        // [MQTT-4.4.0-2] [MQTT-4.8.2-6]
        if (reasonCode >= ReasonCodes.FIRST_ERROR) { // The client refuses it: the exchange is over. [MQTT-4.3.3-4]
            finish(outbound);
            pump(nowMillis);
            return true;
        }
        outbound.releasePublication();
        backlog.received(outbound);
        session.holdUntilKept(); // Else the client would forget what would be sent again after a crash.
        to.sendPubRel(packetIdentifier, ReasonCodes.SUCCESS); // [MQTT-4.3.3-4] [MQTT-3.3.4-10] [MQTT-4.9.0-3]
        return true;
    }

    /** False if the client broke the protocol: a PUBCOMP for a message it has not received. */
    boolean onPubComp(int packetIdentifier, long nowMillis) {
        var outbound = window.find(packetIdentifier);
        if (outbound == null) {
            return true;
        }
        if (!outbound.isReceived()) {
            return false;
        }
        finish(outbound);
        pump(nowMillis);
        return true;
    }

    void onTooLarge(int packetIdentifier, long nowMillis) {
        session.owner().dropped(session, DropReason.TOO_LARGE);
        var outbound = window.find(packetIdentifier);
        if (outbound != null) {
            finish(outbound);
            pump(nowMillis);
        }
    }

    /** Lets go of everything; QoS 1 messages of shared subscriptions are passed on. */
    void end() {
        if (replay != null) {
            replay.end();
            replay = null;
        }
        for (var outbound = window.oldest(); outbound != null; outbound = window.oldest()) {
            window.remove(outbound);
            abandon(outbound);
        }
        backlog.end(this::abandon);
    }

    private boolean mayStart(SessionPort to) {
        return sent < quota && to.hasRoom(); // [MQTT-4.9.0-2]
    }

    private void deliverAtMostOnce(Publication publication, DeliveryTerms terms, boolean retain) {
        if (port == null) {
            session.owner().dropped(session, DropReason.OFFLINE);
        } else if (!port.hasRoom()) {
            session.owner().dropped(session, DropReason.SLOW_CONSUMER);
        } else if (!port.deliver(publication, Qos.AT_MOST_ONCE, 0, false, retain, terms.identifiers())) {
            session.owner().dropped(session, DropReason.TOO_LARGE);
        }
    }

    private void startIfAlive(SessionPort to, Outbound outbound, long nowMillis) {
        if (outbound.publication().isExpired(nowMillis)) {
            drop(outbound, DropReason.EXPIRED);
        } else {
            start(to, outbound);
        }
    }

    private void startRetained(SessionPort to, RetainedReplay from, long nowMillis) {
        var subscription = from.subscription();
        var publication = from.next(); // Its share passes to this method.
        var terms = subscription.terms();
        var qos = publication.qos().min(terms.maximumQos());
        if (publication.isExpired(nowMillis)) {
            publication.release();
            session.owner().dropped(session, DropReason.EXPIRED);
        } else if (qos == Qos.AT_MOST_ONCE) {
            deliverAtMostOnce(publication, terms, true); // [MQTT3-3.3.1-8]
            publication.release();
        } else if (backlog.isPassable()) {
            start(to, new Outbound(publication, qos, true, terms, Outbound.NO_POSITION));
        } else {
            backlog.add(publication, qos, true, terms, nowMillis);
            publication.release();
        }
    }

    private void start(SessionPort to, Outbound outbound) {
        if (outbound.position != Outbound.NO_POSITION) {
            outbound.packetIdentifier = outbound.fixedIdentifier();
        }
        enter(outbound); // [MQTT-2.2.1-4] [MQTT-4.3.2-1] [MQTT-4.3.3-1] [MQTT3-2.3.1-4]
        // [MQTT-4.3.2-2] [MQTT-4.3.3-2] [MQTT-3.3.1-3] [MQTT3-3.3.1-3]
        send(to, outbound, backlog.isDuplicate(outbound));
    }

    private void enter(Outbound outbound) {
        if (window == Window.UNUSED) {
            window = new Window();
        }
        window.add(outbound);
    }

    private void sendAgain(SessionPort to, Outbound outbound) {
        if (!outbound.isReceived()) {
            send(to, outbound, true); // [MQTT-3.3.1-1] [MQTT3-3.3.1-1] [MQTT-4.3.3-7] [MQTT-4.3.3-13]
            return;
        }
        countSent(to, outbound);
        // [MQTT-4.3.3-5] [MQTT-4.3.3-6] [MQTT3-4.3.3-1]
        to.sendPubRel(outbound.packetIdentifier, ReasonCodes.SUCCESS);
    }

    private void send(SessionPort to, Outbound outbound, boolean duplicate) {
        countSent(to, outbound);
        var taken = to.deliver(
                outbound.publication(),
                outbound.qos,
                outbound.packetIdentifier,
                duplicate,
                outbound.retain,
                outbound.identifiers);
        if (!taken) { // As if the client had it. [MQTT-3.1.2-25]
            session.owner().dropped(session, DropReason.TOO_LARGE);
            finish(outbound);
        }
    }

    private void countSent(SessionPort to, Outbound outbound) {
        outbound.sentOver = to;
        sent++;
    }

    /** The exchange about a message is over; its identifier is free. */
    private void finish(Outbound outbound) {
        if (outbound.sentOver == port) {
            sent--;
        }
        if (outbound == resend) {
            resend = outbound.newer;
        }
        window.remove(outbound);
        letGo(outbound);
    }

    private void abandon(Outbound outbound) {
        if (outbound.qos == Qos.AT_LEAST_ONCE && outbound.group.isPresent()) { // [MQTT-4.8.2-5]
            session.owner().passOn(outbound.publication(), outbound.group.get());
            letGo(outbound);
        } else {
            drop(outbound, DropReason.SESSION_ENDED);
        }
    }

    private void drop(Outbound outbound, DropReason reason) {
        session.owner().dropped(session, reason);
        letGo(outbound);
    }

    private void letGo(Outbound outbound) {
        backlog.done(outbound);
        outbound.releasePublication();
    }
}
