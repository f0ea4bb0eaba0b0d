package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayDeque;
import java.util.function.LongConsumer;

/**
 * A durable session's port: what the session says after it has written something waits until that is kept, so that the
 * client never knows more than the disk.
 *
 * <p>If it cannot be kept the connection ends, and the session is as if the client had gone in that moment.
 */
final class KeptPort implements SessionPort {

    /** Bytes of messages that wait here at most; more wait in the session. */
    private static final long HELD_BYTES_MAX = 64 << 10;

    private final SessionPort port;
    private final Session session;
    private final SessionJournal journal;
    private final ArrayDeque<Held> held = new ArrayDeque<>(0);
    private long heldBytes;
    private boolean isRoomAwaited;
    private boolean isClosed;

    private sealed interface Held {}

    /** What is behind it waits until something is kept. */
    private static final class Barrier implements Held {
        private boolean isKept;
    }

    private record Said(Runnable saying) implements Held {}

    private record Message(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers)
            implements Held {}

    KeptPort(SessionPort port, Session session, SessionJournal journal) {
        this.port = port;
        this.session = session;
        this.journal = journal;
    }

    /**
     * From here on everything waits until what was written up to now is kept.
     *
     * @param onFailed gets the time when it cannot be kept
     */
    void hold(LongConsumer onFailed) {
        var barrier = new Barrier();
        held.add(barrier);
        journal.whenKept((outcome, nowMillis) -> {
            if (isClosed) {
                return;
            }
            if (outcome == SessionJournal.Outcome.FAILED) {
                onFailed.accept(nowMillis);
            } else {
                barrier.isKept = true;
                release(nowMillis);
            }
        });
    }

    private void release(long nowMillis) {
        while (!held.isEmpty() && !isClosed) {
            if (held.element() instanceof Barrier barrier && !barrier.isKept) {
                return;
            }
            switch (held.remove()) {
                case Barrier _ -> {}
                case Said said -> said.saying.run();
                case Message message -> release(message, nowMillis);
            }
        }
        if (isRoomAwaited && !isClosed) {
            isRoomAwaited = false;
            session.onRoom(port, nowMillis);
        }
    }

    private void release(Message message, long nowMillis) {
        heldBytes -= message.publication.bytes().sizeBytes();
        var taken = port.deliver(
                message.publication,
                message.qos,
                message.packetIdentifier,
                message.duplicate,
                message.retain,
                message.subscriptionIdentifiers);
        message.publication.release();
        if (!taken) {
            session.onTooLarge(port, message.packetIdentifier, nowMillis);
        }
    }

    /** The session does not use it any more; what is held is not said. */
    void discard() {
        isClosed = true;
        while (!held.isEmpty()) {
            if (held.remove() instanceof Message message) {
                message.publication.release();
            }
        }
    }

    private void say(Runnable saying) {
        if (held.isEmpty()) {
            saying.run();
        } else {
            held.add(new Said(saying));
        }
    }

    @Override
    public void opened(boolean sessionPresent, long sessionExpirySeconds) {
        say(() -> port.opened(sessionPresent, sessionExpirySeconds));
    }

    @Override
    public boolean hasRoom() {
        if (heldBytes < HELD_BYTES_MAX) {
            return port.hasRoom();
        }
        isRoomAwaited = true;
        return false;
    }

    @Override
    public boolean deliver(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers) {
        if (held.isEmpty()) {
            return port.deliver(publication, qos, packetIdentifier, duplicate, retain, subscriptionIdentifiers);
        }
        heldBytes += publication.bytes().sizeBytes();
        held.add(new Message(publication.share(), qos, packetIdentifier, duplicate, retain, subscriptionIdentifiers));
        return true;
    }

    @Override
    public void sendPubAck(int packetIdentifier, int reasonCode) {
        say(() -> port.sendPubAck(packetIdentifier, reasonCode));
    }

    @Override
    public void sendPubRec(int packetIdentifier, int reasonCode) {
        say(() -> port.sendPubRec(packetIdentifier, reasonCode));
    }

    @Override
    public void sendPubRel(int packetIdentifier, int reasonCode) {
        say(() -> port.sendPubRel(packetIdentifier, reasonCode));
    }

    @Override
    public void sendPubComp(int packetIdentifier, int reasonCode) {
        say(() -> port.sendPubComp(packetIdentifier, reasonCode));
    }

    @Override
    public void close(CloseReason reason) {
        discard();
        port.close(reason);
    }
}
