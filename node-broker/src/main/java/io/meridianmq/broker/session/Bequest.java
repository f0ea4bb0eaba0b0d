package io.meridianmq.broker.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.remote.Acknowledgement;
import io.meridianmq.broker.remote.MalformedMessageException;
import io.meridianmq.broker.remote.Passage;
import io.meridianmq.broker.remote.ToClient;
import io.meridianmq.broker.remote.ToSession;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a session whose client has begun anew at another node, its heir: the messages that wait in it go there as
 * they would go to the client, each until it is kept there; then the session ends. What breaks off is tried again.
 *
 * <p>Belongs to the session's loop.
 */
final class Bequest implements RemoteEnd, ClientPort {

    private static final Logger log = LoggerFactory.getLogger(Bequest.class);

    private final RemoteSessions remotes;
    private final Passage way;
    private final long connection;
    private final SessionTable table;
    private final String clientId;
    private final ConnectionNumber number;
    private final Attachment attachment = new Attachment(this);
    /** Messages of QoS 2 that the heir has not taken yet. */
    private final Set<Integer> exactlyOnce = new HashSet<>();

    private boolean isOver;

    /**
     * @param connection under which the messages go
     * @param number of the client's connection that began anew
     */
    Bequest(
            RemoteSessions remotes,
            Passage way,
            long connection,
            SessionTable table,
            String clientId,
            ConnectionNumber number) {
        this.remotes = remotes;
        this.way = way;
        this.connection = connection;
        this.table = table;
        this.clientId = clientId;
        this.number = number;
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

    /** Begins; false if there is no such session, any more. */
    boolean begin() {
        return table.inheritance().bequeath(attachment, clientId, number);
    }

    /** Goes on with what waited for room; ends the session if nothing is left. */
    void look() {
        table.onRoom(attachment);
        if (!isOver && isDrained()) {
            leave();
            table.onExpelled(attachment, CloseReason.SESSION_TAKEN_OVER, true);
        }
    }

    private boolean isDrained() {
        var session = attachment.current();
        return session != null && session.queued() == 0 && session.inFlight() == 0;
    }

    @Override
    public void arrived(CanonicalBytes body) {
        try {
            switch (remotes.streams().readForClient(body)) {
                case Acknowledgement taken -> {
                    onTaken(taken.packetIdentifier());
                    look();
                }
                case ToClient.Refuse _ -> { // The client has no session there: nobody wants what is left.
                    leave();
                    table.onExpelled(attachment, CloseReason.SESSION_TAKEN_OVER, true);
                }
                case ToClient other -> {
                    log.debug("{} has no room for the messages of {} now: {}", way.peer(), clientId, other);
                    end(CloseReason.USE_ANOTHER_SERVER);
                }
            }
        } catch (MalformedMessageException e) {
            log.error("what {} says to a session here cannot be read: {}", way.peer(), e.getMessage());
            remotes.metrics().malformed.increment();
            end(CloseReason.USE_ANOTHER_SERVER);
        }
    }

    private void onTaken(int packetIdentifier) {
        if (exactlyOnce.remove(packetIdentifier)) {
            table.onPubRec(attachment, packetIdentifier, ReasonCode.SUCCESS);
        } else {
            table.onPubAck(attachment, packetIdentifier);
        }
    }

    @Override
    public void end(CloseReason reason) {
        leave();
        table.onGone(attachment, Departure.LOST);
        remotes.bequeathLater(table, clientId, number, way.peer());
    }

    @Override
    public boolean hasRoom() {
        return !isOver && !way.isFull();
    }

    @Override
    public boolean deliver(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers) {
        if (qos == Qos.EXACTLY_ONCE) {
            exactlyOnce.add(packetIdentifier);
        }
        remotes.streams()
                .tellSession(
                        way,
                        connection,
                        new ToSession.Bequeath(clientId, publication, qos, packetIdentifier, subscriptionIdentifiers));
        return true;
    }

    @Override
    public void sendPubRel(int packetIdentifier, int reasonCode) {
        // The client had it before, or the heir has it now. Later, since the session must not be called from its own
        // call.
        table.loop().execute(() -> {
            table.onPubComp(attachment, packetIdentifier);
            look();
        });
    }

    @Override
    public void close(CloseReason reason) {
        if (!isOver) { // The session could not write down what it did, or is over: then there is nothing to try again.
            leave();
            remotes.bequeathLater(table, clientId, number, way.peer());
        }
    }

    @Override
    public Answer.ConnectionView view() {
        return new Answer.ConnectionView(0, way.peer().toString(), "inheritance", 0, "");
    }

    private void leave() {
        isOver = true;
        remotes.remove(this);
    }

    // What a session says to a client that does not publish and does not subscribe.

    @Override
    public void opened(boolean sessionPresent, long sessionExpirySeconds) {
        table.loop().execute(this::look);
    }

    @Override
    public void refuse(ReasonCode reasonCode) {
        throw neverSaid("refusal");
    }

    @Override
    public void sendSubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        throw neverSaid("SUBACK");
    }

    @Override
    public void sendUnsubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        throw neverSaid("UNSUBACK");
    }

    @Override
    public void sendPubAck(int packetIdentifier, int reasonCode) {
        throw neverSaid("PUBACK");
    }

    @Override
    public void sendPubRec(int packetIdentifier, int reasonCode) {
        throw neverSaid("PUBREC");
    }

    @Override
    public void sendPubComp(int packetIdentifier, int reasonCode) {
        throw neverSaid("PUBCOMP");
    }

    @Override
    public void dealtWith(int packetBytes) {
        throw neverSaid("an end of what was never sent");
    }

    private static IllegalStateException neverSaid(String what) {
        return new IllegalStateException(what + " for an heir, which asks for nothing");
    }
}
