package io.meridianmq.broker.session;

import io.meridianmq.broker.loop.HandOff;
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
 * The way to a session at this node: at once if that is on the connection's own loop, else in batches.
 *
 * <p>Belongs to the connection's loop.
 */
final class LocalSession implements SessionProxy {

    private final HandOff handOff;
    private final SessionTable table;
    private final Attachment attachment;
    private final boolean isHere;

    private LocalSession(HandOff handOff, SessionTable table, Attachment attachment, boolean isHere) {
        this.handOff = handOff;
        this.table = table;
        this.attachment = attachment;
        this.isHere = isHere;
    }

    /** See {@link SessionProxy#open}. */
    static LocalSession open(Here here, ClientPort connection, SessionRequest request) {
        var table = here.tables().homeOf(request.clientId(), here.loop().index());
        var isHere = here.handOff().isOwn(table.loop());
        var attachment = isHere
                ? new Attachment(connection)
                : new HandOffPort(here.handOffs().of(table.loop()), table, here.loop(), connection).attachment();
        var proxy = new LocalSession(here.handOff(), table, attachment, isHere);
        proxy.run(() -> table.open(attachment, request));
        return proxy;
    }

    @Override
    public void publish(PublishPacket packet, int packetBytes) {
        if (isHere) {
            table.onPublish(attachment, packet, packetBytes);
        } else {
            handOff.add(table.loop(), () -> table.onPublish(attachment, packet, packetBytes), packetBytes);
        }
    }

    @Override
    public void refusePublish(Qos qos, int packetIdentifier, ReasonCode reasonCode, int packetBytes) {
        run(() -> table.onRefusedPublish(attachment, qos, packetIdentifier, reasonCode, packetBytes));
    }

    @Override
    public void subscribe(SubscribePacket packet, List<ReasonCode> verdicts, int packetBytes) {
        run(() -> table.onSubscribe(attachment, packet, verdicts, packetBytes));
    }

    @Override
    public void keepSubscriptions(Predicate<TopicFilter> allowed) {
        run(() -> table.onConnectedWith(attachment, allowed));
    }

    @Override
    public void rightsChanged(Predicate<TopicFilter> allowed) {
        run(() -> table.onRightsChanged(attachment, allowed));
    }

    @Override
    public void unsubscribe(UnsubscribePacket packet) {
        run(() -> table.onUnsubscribe(attachment, packet));
    }

    @Override
    public void pubAck(int packetIdentifier) {
        run(() -> table.onPubAck(attachment, packetIdentifier));
    }

    @Override
    public void pubRec(int packetIdentifier, ReasonCode reasonCode) {
        run(() -> table.onPubRec(attachment, packetIdentifier, reasonCode));
    }

    @Override
    public void pubRel(int packetIdentifier) {
        run(() -> table.onPubRel(attachment, packetIdentifier));
    }

    @Override
    public void pubComp(int packetIdentifier) {
        run(() -> table.onPubComp(attachment, packetIdentifier));
    }

    @Override
    public void room() {
        run(() -> table.onRoom(attachment));
    }

    @Override
    public void expelled(CloseReason reason, boolean ends) {
        run(() -> table.onExpelled(attachment, reason, ends));
    }

    @Override
    public void gone(Departure departure) {
        run(() -> table.onGone(attachment, departure));
    }

    private void run(Runnable task) {
        handOff.run(table.loop(), task);
    }
}
