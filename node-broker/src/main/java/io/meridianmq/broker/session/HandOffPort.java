package io.meridianmq.broker.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Leads from a session's loop to a connection on another loop, in batches and in order.
 *
 * <p>Messages on their way count against a limit of their own, since the connection learns too late how much there is to
 * come. Belongs to the session's loop; what arrives runs on the connection's.
 */
final class HandOffPort implements ClientPort {

    /** Bytes of messages on their way from which on the session waits. */
    private static final long UNDER_WAY_MAX = 256 << 10;

    private final HandOff handOff;
    private final Loop connectionLoop;
    private final ClientPort connection;
    private final SessionTable table;
    private final Attachment attachment = new Attachment(this);
    private final AtomicLong underWayBytes = new AtomicLong();

    /** Whether the session was told that there is no room, and waits. */
    private volatile boolean isWaiting;

    HandOffPort(HandOff handOff, SessionTable table, Loop connectionLoop, ClientPort connection) {
        this.handOff = handOff;
        this.table = table;
        this.connectionLoop = connectionLoop;
        this.connection = connection;
    }

    Attachment attachment() {
        return attachment;
    }

    @Override
    public void opened(boolean sessionPresent, long sessionExpirySeconds) {
        send(() -> connection.opened(sessionPresent, sessionExpirySeconds));
    }

    @Override
    public void refuse(ReasonCode reasonCode) {
        send(() -> connection.refuse(reasonCode));
    }

    @Override
    public boolean hasRoom() {
        if (connection.hasRoom() && underWayBytes.get() < UNDER_WAY_MAX) {
            return true;
        }
        isWaiting = true;
        // What was under way may have arrived between the look and the note; then nobody else would tell.
        return connection.hasRoom() && underWayBytes.get() < UNDER_WAY_MAX;
    }

    @Override
    public boolean deliver(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers) {
        var bytes = publication.bytes().sizeBytes();
        var shared = publication.share();
        underWayBytes.addAndGet(bytes);
        send(() -> {
            var taken = connection.deliver(shared, qos, packetIdentifier, duplicate, retain, subscriptionIdentifiers);
            shared.release();
            if (!taken) {
                table.loop().execute(() -> table.onTooLarge(attachment, packetIdentifier));
            }
            arrived(bytes);
        });
        return true;
    }

    @Override
    public void sendPubAck(int packetIdentifier, int reasonCode) {
        send(() -> connection.sendPubAck(packetIdentifier, reasonCode));
    }

    @Override
    public void sendPubRec(int packetIdentifier, int reasonCode) {
        send(() -> connection.sendPubRec(packetIdentifier, reasonCode));
    }

    @Override
    public void sendPubRel(int packetIdentifier, int reasonCode) {
        send(() -> connection.sendPubRel(packetIdentifier, reasonCode));
    }

    @Override
    public void sendPubComp(int packetIdentifier, int reasonCode) {
        send(() -> connection.sendPubComp(packetIdentifier, reasonCode));
    }

    @Override
    public void sendSubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        send(() -> connection.sendSubAck(packetIdentifier, reasonCodes));
    }

    @Override
    public void sendUnsubAck(int packetIdentifier, List<ReasonCode> reasonCodes) {
        send(() -> connection.sendUnsubAck(packetIdentifier, reasonCodes));
    }

    @Override
    public void dealtWith(int packetBytes) {
        send(() -> connection.dealtWith(packetBytes));
    }

    @Override
    public Answer.ConnectionView view() {
        return connection.view();
    }

    @Override
    public void close(CloseReason reason) {
        send(() -> connection.close(reason));
    }

    private void send(Runnable task) {
        handOff.add(connectionLoop, task, 0);
    }

    private void arrived(int bytes) {
        var left = underWayBytes.addAndGet(-bytes);
        if (isWaiting && left < UNDER_WAY_MAX / 2) {
            isWaiting = false;
            table.loop().execute(() -> table.onRoom(attachment));
        }
    }
}
