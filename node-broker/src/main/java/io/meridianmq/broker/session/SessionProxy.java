package io.meridianmq.broker.session;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.function.Predicate;

/**
 * A connection's way to its session, at once if that is on the connection's own loop, else in batches; in order either
 * way. Belongs to the connection's loop.
 */
public final class SessionProxy {

    private final HandOff handOff;
    private final SessionTable table;
    private final Attachment attachment;
    private final boolean isHere;

    private SessionProxy(HandOff handOff, SessionTable table, Attachment attachment, boolean isHere) {
        this.handOff = handOff;
        this.table = table;
        this.attachment = attachment;
        this.isHere = isHere;
    }

    /** The loop that a connection is on, and its way to others. */
    public record Here(Loop loop, HandOff handOff, SessionTables tables, HandOffs handOffs) {

        /** How long a session outlives its connection whose client asks for {@code wanted}. */
        public long expirySeconds(long wanted) {
            return tables.expirySeconds(wanted);
        }
    }

    /** The ways out of each loop. */
    @FunctionalInterface
    public interface HandOffs {
        HandOff of(Loop loop);
    }

    /**
     * Opens a session for a client whose connection has been granted. The answer is {@link ClientPort#opened} or {@link
     * ClientPort#refuse}, possibly during this call.
     */
    public static SessionProxy open(Here here, ClientPort connection, SessionRequest request) {
        var table = here.tables().homeOf(request.clientId(), here.loop().index());
        var isHere = here.handOff().isOwn(table.loop());
        var attachment = isHere
                ? new Attachment(connection)
                : new HandOffPort(here.handOffs().of(table.loop()), table, here.loop(), connection).attachment();
        var proxy = new SessionProxy(here.handOff(), table, attachment, isHere);
        proxy.run(() -> table.open(attachment, request));
        return proxy;
    }

    /** A PUBLISH with its topic resolved; its frame passes to this call. */
    public void publish(PublishPacket packet, int packetBytes) {
        if (isHere) {
            table.onPublish(attachment, packet, packetBytes);
        } else {
            handOff.add(table.loop(), () -> table.onPublish(attachment, packet, packetBytes), packetBytes);
        }
    }

    /** A PUBLISH of QoS 1 or 2 that is not to be made: it is answered with the reason, in its turn. */
    public void refusePublish(Qos qos, int packetIdentifier, ReasonCode reasonCode, int packetBytes) {
        run(() -> table.onRefusedPublish(attachment, qos, packetIdentifier, reasonCode, packetBytes));
    }

    /**
     * A SUBSCRIBE.
     *
     * @param verdicts one for each of its subscriptions: success, or why it is refused already
     */
    public void subscribe(SubscribePacket packet, List<ReasonCode> verdicts, int packetBytes) {
        run(() -> table.onSubscribe(attachment, packet, verdicts, packetBytes));
    }

    /** Withdraws what the session has subscribed to and may not have; for a client that has just connected. */
    public void keepSubscriptions(Predicate<TopicFilter> allowed) {
        run(() -> table.onConnectedWith(attachment, allowed));
    }

    /** Withdraws what the session has subscribed to and may not have any more; if that is any, the connection is closed. */
    public void rightsChanged(Predicate<TopicFilter> allowed) {
        run(() -> table.onRightsChanged(attachment, allowed));
    }

    public void unsubscribe(UnsubscribePacket packet) {
        run(() -> table.onUnsubscribe(attachment, packet));
    }

    public void pubAck(int packetIdentifier) {
        run(() -> table.onPubAck(attachment, packetIdentifier));
    }

    public void pubRec(int packetIdentifier, ReasonCode reasonCode) {
        run(() -> table.onPubRec(attachment, packetIdentifier, reasonCode));
    }

    public void pubRel(int packetIdentifier) {
        run(() -> table.onPubRel(attachment, packetIdentifier));
    }

    public void pubComp(int packetIdentifier) {
        run(() -> table.onPubComp(attachment, packetIdentifier));
    }

    /** The connection takes messages again. */
    public void room() {
        run(() -> table.onRoom(attachment));
    }

    /** The connection is not the client's any more; the session is over as well if {@code ends}. */
    public void expelled(CloseReason reason, boolean ends) {
        run(() -> table.onExpelled(attachment, reason, ends));
    }

    /** The connection is over. Nothing may be called after. */
    public void gone(Departure departure) {
        run(() -> table.onGone(attachment, departure));
    }

    private void run(Runnable task) {
        handOff.run(table.loop(), task);
    }
}
