package io.meridianmq.broker.session;

import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.remote.Acknowledgement;
import io.meridianmq.broker.remote.MalformedMessageException;
import io.meridianmq.broker.remote.Passage;
import io.meridianmq.broker.remote.ToClient;
import io.meridianmq.broker.remote.ToSession;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a session at another node, where a {@link RemoteClient} is its other end.
 *
 * <p>Belongs to the connection's loop.
 */
final class RemoteSession implements RemoteEnd, SessionProxy {

    private static final Logger log = LoggerFactory.getLogger(RemoteSession.class);

    /** Bytes of messages that a connection takes before the session is told, which sends no more than a few times that. */
    private static final int CREDIT_BYTES = 64 << 10;

    private final RemoteSessions remotes;
    private final Passage way;
    private final long connection;
    private final ClientPort port;
    private Predicate<TopicFilter> allowed = _ -> true;

    /** Bytes of messages that came and the session has not been told of. */
    private long uncreditedBytes;

    /** Whether a part of the session's filters that was looked at had one that is not allowed. */
    private boolean isAnyForbidden;

    private boolean isOver;

    RemoteSession(RemoteSessions remotes, Passage way, long connection, ClientPort port) {
        this.remotes = remotes;
        this.way = way;
        this.connection = connection;
        this.port = port;
    }

    @Override
    public long connection() {
        return connection;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Between two ends of the stream, the way is one object.
    public boolean goesBy(Passage other) {
        return way == other;
    }

    void attach(SessionRequest request) {
        tell(new ToSession.Attach(
                request.clientId(),
                request.opening(),
                request.continues(),
                request.number(),
                request.will(),
                port.view()));
    }

    @Override
    public void publish(PublishPacket packet, int packetBytes) {
        if (isOver) {
            packet.release();
        } else if (way.isFull()) {
            var qos = packet.qos();
            var packetIdentifier = packet.packetIdentifier();
            packet.release();
            remotes.metrics().publishesRefused.increment();
            if (qos == Qos.AT_MOST_ONCE) {
                port.dealtWith(packetBytes);
            } else {
                refusePublish(qos, packetIdentifier, ReasonCode.QUOTA_EXCEEDED, packetBytes);
            }
        } else {
            tell(new ToSession.Publish(packet, packetBytes));
        }
    }

    @Override
    public void refusePublish(Qos qos, int packetIdentifier, ReasonCode reasonCode, int packetBytes) {
        tell(new ToSession.RefusePublish(qos, packetIdentifier, reasonCode, packetBytes));
    }

    @Override
    public void subscribe(SubscribePacket packet, List<ReasonCode> verdicts, int packetBytes) {
        tell(new ToSession.Subscribe(packet, verdicts, packetBytes));
    }

    @Override
    public void unsubscribe(UnsubscribePacket packet) {
        tell(new ToSession.Unsubscribe(packet));
    }

    @Override
    public void keepSubscriptions(Predicate<TopicFilter> nowAllowed) {
        allowed = nowAllowed;
        tell(new ToSession.AskFilters(false));
    }

    @Override
    public void rightsChanged(Predicate<TopicFilter> nowAllowed) {
        allowed = nowAllowed;
        tell(new ToSession.AskFilters(true));
    }

    @Override
    public void pubAck(int packetIdentifier) {
        tell(new Acknowledgement(Acknowledgement.Type.PUBACK, packetIdentifier, ReasonCode.SUCCESS));
    }

    @Override
    public void pubRec(int packetIdentifier, ReasonCode reasonCode) {
        tell(new Acknowledgement(Acknowledgement.Type.PUBREC, packetIdentifier, reasonCode));
    }

    @Override
    public void pubRel(int packetIdentifier) {
        tell(new Acknowledgement(Acknowledgement.Type.PUBREL, packetIdentifier, ReasonCode.SUCCESS));
    }

    @Override
    public void pubComp(int packetIdentifier) {
        tell(new Acknowledgement(Acknowledgement.Type.PUBCOMP, packetIdentifier, ReasonCode.SUCCESS));
    }

    @Override
    public void room() {
        if (uncreditedBytes > 0) {
            tell(new ToSession.Credit(uncreditedBytes));
            uncreditedBytes = 0;
        }
    }

    @Override
    public void expelled(CloseReason reason, boolean ends) {
        if (!isOver) {
            tell(new ToSession.Expelled(reason, ends));
            leave();
            port.close(reason); // At once: another connection of the client waits for nobody.
        }
    }

    @Override
    public void gone(Departure departure) {
        if (!isOver) {
            tell(new ToSession.Gone(departure));
            leave();
        }
    }

    @Override
    public void end(CloseReason reason) {
        sayGone();
        port.close(reason);
    }

    @Override
    public void arrived(CanonicalBytes body) {
        try {
            switch (remotes.streams().readForClient(body)) {
                case Acknowledgement packet -> acknowledge(packet);
                case ToClient.ForClient packet -> onPacket(packet, body.sizeBytes());
                case ToClient.ForConnection word -> onWord(word);
            }
        } catch (MalformedMessageException e) {
            log.error(
                    "what {} says to a client here cannot be read, so the connection is closed: {}",
                    way.peer(),
                    e.getMessage());
            remotes.metrics().malformed.increment();
            end(CloseReason.USE_ANOTHER_SERVER);
        }
    }

    private void onPacket(ToClient.ForClient packet, int sizeBytes) {
        switch (packet) {
            case ToClient.Deliver deliver -> deliver(deliver, sizeBytes);
            case ToClient.SubAck ack -> port.sendSubAck(ack.packetIdentifier(), ack.reasonCodes());
            case ToClient.UnsubAck ack -> port.sendUnsubAck(ack.packetIdentifier(), ack.reasonCodes());
        }
    }

    private void onWord(ToClient.ForConnection word) {
        switch (word) {
            case ToClient.Opened opened -> port.opened(opened.sessionPresent(), opened.sessionExpirySeconds());
            case ToClient.Refuse refused -> {
                sayGone();
                port.refuse(refused.reasonCode());
            }
            case ToClient.DealtWith dealtWith -> port.dealtWith(dealtWith.packetBytes());
            case ToClient.Filters filters -> judge(filters);
            case ToClient.Close close -> end(close.reason());
        }
    }

    private void acknowledge(Acknowledgement packet) {
        var packetIdentifier = packet.packetIdentifier();
        var reasonCode = packet.reasonCode().code();
        switch (packet.type()) {
            case PUBACK -> port.sendPubAck(packetIdentifier, reasonCode);
            case PUBREC -> port.sendPubRec(packetIdentifier, reasonCode);
            case PUBREL -> port.sendPubRel(packetIdentifier, reasonCode);
            case PUBCOMP -> port.sendPubComp(packetIdentifier, reasonCode);
        }
    }

    private void deliver(ToClient.Deliver message, int sizeBytes) {
        var isTaken = port.deliver(
                message.publication(),
                message.qos(),
                message.packetIdentifier(),
                message.duplicate(),
                message.retain(),
                message.subscriptionIdentifiers());
        message.publication().release();
        if (!isTaken) {
            tell(new ToSession.TooLarge(message.packetIdentifier()));
        }
        uncreditedBytes += sizeBytes;
        if (uncreditedBytes >= CREDIT_BYTES && port.hasRoom()) {
            room();
        }
    }

    private void judge(ToClient.Filters filters) {
        var forbidden = filters.filters().stream().filter(allowed.negate()).toList();
        isAnyForbidden |= !forbidden.isEmpty();
        var endsConnection = filters.isLastPart() && filters.endsConnection() && isAnyForbidden;
        if (!forbidden.isEmpty() || endsConnection) {
            tell(new ToSession.Withdraw(forbidden, endsConnection));
        }
        isAnyForbidden &= !filters.isLastPart();
    }

    /** Tells the session that the connection is over; by another way if this one ended, since that may be news there. */
    private void sayGone() {
        leave();
        remotes.streams().tellSession(remotes.wayTo(way.peer()), connection, new ToSession.Gone(Departure.LOST));
    }

    private void leave() {
        isOver = true;
        remotes.remove(this);
    }

    private void tell(ToSession message) {
        if (!isOver) {
            remotes.streams().tellSession(way, connection, message);
        }
    }
}
