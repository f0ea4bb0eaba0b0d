package io.meridianmq.broker.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.remote.Acknowledgement;
import io.meridianmq.broker.remote.LoopStreams;
import io.meridianmq.broker.remote.MalformedMessageException;
import io.meridianmq.broker.remote.Passage;
import io.meridianmq.broker.remote.ToClient;
import io.meridianmq.broker.remote.ToSession;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client whose connection is at another node, its front, where a {@link RemoteSession} is the other end of the way.
 *
 * <p>Messages on their way count until the front's connection has taken them, since how much room that has is known there
 * alone. Belongs to the session's loop.
 */
final class RemoteClient implements ClientPort {

    private static final Logger log = LoggerFactory.getLogger(RemoteClient.class);

    /** Bytes of messages on their way from which on the session waits. */
    private static final long UNDER_WAY_MAX = 256 << 10;

    /** Characters of filters in one answer. */
    private static final int FILTERS_AT_ONCE = 32 << 10;

    private final LoopStreams streams;
    private final Passage way;
    private final long connection;
    private final SessionTable table;
    private final Answer.ConnectionView view;
    private final RemoteMetrics metrics;
    private final Attachment attachment = new Attachment(this);
    private long underWayBytes;

    /** Whether the session was told that there is no room, and waits. */
    private boolean isWaiting;

    private boolean isOver;

    RemoteClient(
            LoopStreams streams,
            Passage way,
            long connection,
            SessionTable table,
            Answer.ConnectionView view,
            RemoteMetrics metrics) {
        this.streams = streams;
        this.way = way;
        this.connection = connection;
        this.table = table;
        this.view = view;
        this.metrics = metrics;
    }

    /** The table of its session. Any thread. */
    SessionTable table() {
        return table;
    }

    void attach(SessionRequest request) {
        table.open(attachment, request);
    }

    /** Something came from the connection. */
    void arrived(CanonicalBytes body) {
        try {
            switch (streams.readForSession(body)) {
                case Acknowledgement packet -> onAcknowledgement(packet);
                case ToSession.OfClient packet -> onPacket(packet);
                case ToSession.OfConnection word -> onWord(word);
                case ToSession.Bequeath _ ->
                    throw new IllegalStateException("what is inherited does not come by a client's connection");
            }
        } catch (MalformedMessageException e) {
            log.error(
                    "what {} says of a client there cannot be read, so its connection is closed: {}",
                    way.peer(),
                    e.getMessage());
            metrics.malformed.increment();
            table.onExpelled(attachment, CloseReason.USE_ANOTHER_SERVER, false);
        }
    }

    /** There is room on the way to the front again. */
    void roomOnWay() {
        if (isWaiting && underWayBytes < UNDER_WAY_MAX) {
            isWaiting = false;
            table.onRoom(attachment);
        }
    }

    /** The stream from the front has ended. */
    void lost() {
        isOver = true;
        table.onGone(attachment, Departure.LOST);
    }

    private void onPacket(ToSession.OfClient packet) {
        switch (packet) {
            case ToSession.Publish publish -> table.onPublish(attachment, publish.packet(), publish.packetBytes());
            case ToSession.RefusePublish refused ->
                table.onRefusedPublish(
                        attachment,
                        refused.qos(),
                        refused.packetIdentifier(),
                        refused.reasonCode(),
                        refused.packetBytes());
            case ToSession.Subscribe subscribe ->
                table.onSubscribe(attachment, subscribe.packet(), subscribe.verdicts(), subscribe.packetBytes());
            case ToSession.Unsubscribe unsubscribe -> table.onUnsubscribe(attachment, unsubscribe.packet());
        }
    }

    private void onAcknowledgement(Acknowledgement packet) {
        var packetIdentifier = packet.packetIdentifier();
        switch (packet.type()) {
            case PUBACK -> table.onPubAck(attachment, packetIdentifier);
            case PUBREC -> table.onPubRec(attachment, packetIdentifier, packet.reasonCode());
            case PUBREL -> table.onPubRel(attachment, packetIdentifier);
            case PUBCOMP -> table.onPubComp(attachment, packetIdentifier);
        }
    }

    private void onWord(ToSession.OfConnection word) {
        switch (word) {
            case ToSession.Attach _ -> throw new IllegalStateException("a connection opens its session once");
            case ToSession.Credit credit -> credited(credit.bytes());
            case ToSession.TooLarge tooLarge -> table.onTooLarge(attachment, tooLarge.packetIdentifier());
            case ToSession.AskFilters ask -> tellFilters(ask.endsConnection());
            case ToSession.Withdraw withdraw ->
                table.onForbidden(attachment, withdraw.filters(), withdraw.endsConnection());
            case ToSession.Expelled expelled -> {
                isOver = true;
                table.onExpelled(attachment, expelled.reason(), expelled.ends());
            }
            case ToSession.Gone gone -> {
                isOver = true;
                table.onGone(attachment, gone.departure());
            }
        }
    }

    private void credited(long bytes) {
        underWayBytes -= bytes;
        if (isWaiting && underWayBytes < UNDER_WAY_MAX / 2) {
            isWaiting = false;
            table.onRoom(attachment);
        }
    }

    private void tellFilters(boolean endsConnection) {
        var part = new ArrayList<TopicFilter>();
        var length = 0;
        for (var filter : table.filters(attachment)) {
            if (length >= FILTERS_AT_ONCE) {
                tell(new ToClient.Filters(part, false, endsConnection));
                part.clear();
                length = 0;
            }
            part.add(filter);
            length += filter.text().length();
        }
        tell(new ToClient.Filters(part, true, endsConnection));
    }

    @Override
    public void opened(boolean sessionPresent, long sessionExpirySeconds) {
        tell(new ToClient.Opened(sessionPresent, sessionExpirySeconds));
    }

    @Override
    public void refuse(ReasonCode reasonCode) {
        tell(new ToClient.Refuse(reasonCode));
    }

    @Override
    public boolean hasRoom() {
        var hasRoom = underWayBytes < UNDER_WAY_MAX && way.hasRoom();
        isWaiting |= !hasRoom;
        return hasRoom;
    }

    @Override
    public boolean deliver(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers) {
        underWayBytes += streams.tellClient(
                way,
                connection,
                new ToClient.Deliver(publication, qos, packetIdentifier, duplicate, retain, subscriptionIdentifiers));
        return true;
    }

    @Override
    public void sendPubAck(int packetIdentifier, int reasonCode) {
        acknowledge(Acknowledgement.Type.PUBACK, packetIdentifier, reasonCode);
    }

    @Override
    public void sendPubRec(int packetIdentifier, int reasonCode) {
        acknowledge(Acknowledgement.Type.PUBREC, packetIdentifier, reasonCode);
    }

    @Override
    public void sendPubRel(int packetIdentifier, int reasonCode) {
        acknowledge(Acknowledgement.Type.PUBREL, packetIdentifier, reasonCode);
    }

    @Override
    public void sendPubComp(int packetIdentifier, int reasonCode) {
        acknowledge(Acknowledgement.Type.PUBCOMP, packetIdentifier, reasonCode);
    }

    @Override
    public void sendSubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        tell(new ToClient.SubAck(packetIdentifier, reasonCodes));
    }

    @Override
    public void sendUnsubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        tell(new ToClient.UnsubAck(packetIdentifier, reasonCodes));
    }

    @Override
    public Answer.ConnectionView view() {
        return view;
    }

    @Override
    public void dealtWith(int packetBytes) {
        tell(new ToClient.DealtWith(packetBytes));
    }

    @Override
    public void close(CloseReason reason) {
        tell(new ToClient.Close(reason));
    }

    private void acknowledge(Acknowledgement.Type type, int packetIdentifier, int reasonCode) {
        tell(new Acknowledgement(
                type, packetIdentifier, ReasonCode.find(reasonCode).orElse(ReasonCode.UNSPECIFIED_ERROR)));
    }

    private void tell(ToClient message) {
        if (!isOver) {
            streams.tellClient(way, connection, message);
        }
    }
}
