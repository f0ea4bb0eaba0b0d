package io.meridianmq.core.session;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** The backlog of a session that ends with the process. */
@SuppressWarnings("ReferenceEquality") // There is one queue for all that were never used.
final class MemoryBacklog implements Backlog {

    /** Of all in which no message has waited yet. Nothing is ever added to it. */
    private static final ArrayDeque<Outbound> UNUSED = new ArrayDeque<>(0);

    private final Session session;
    private ArrayDeque<Outbound> queue = UNUSED;
    private long queuedBytes;

    MemoryBacklog(Session session) {
        this.session = session;
    }

    @Override
    public int size() {
        return queue.size();
    }

    @Override
    public boolean isPassable() {
        return queue.isEmpty();
    }

    @Override
    public boolean hasHad(Publication publication) {
        return false;
    }

    @Override
    public boolean hasRoomForRetained() {
        return queue.isEmpty();
    }

    @Override
    public void add(Publication publication, Qos qos, boolean retain, DeliveryTerms terms, long nowMillis) {
        var bytes = publication.bytes().sizeBytes();
        if (!fits(bytes)) {
            dropExpired(nowMillis);
        }
        if (queue.size() >= session.limits().queuedMessagesMax()) {
            session.owner().dropped(session, DropReason.QUEUE_MESSAGES);
        } else if (!fits(bytes)) {
            session.owner().dropped(session, DropReason.QUEUE_BYTES);
        } else {
            if (queue == UNUSED) {
                queue = new ArrayDeque<>();
            }
            queue.add(new Outbound(publication.shareForLong(), qos, retain, terms, Outbound.NO_POSITION));
            queuedBytes += bytes;
        }
    }

    @Override
    public boolean hasNext() {
        return !queue.isEmpty();
    }

    @Override
    public Outbound peek() {
        return queue.element();
    }

    @Override
    public Outbound next() {
        var outbound = queue.remove();
        queuedBytes -= outbound.publication().bytes().sizeBytes();
        return outbound;
    }

    @Override
    public boolean isDuplicate(Outbound outbound) {
        return false; // What was sent before is in the window.
    }

    @Override
    public void attach(Consumer<Outbound> window) {}

    @Override
    public void detach(Window window) {}

    @Override
    public void received(Outbound outbound) {}

    @Override
    public void done(Outbound outbound) {}

    @Override
    public void end(Consumer<Outbound> abandon) {
        while (!queue.isEmpty()) {
            abandon.accept(next());
        }
    }

    private boolean fits(int bytes) {
        var most = session.limits();
        return queue.size() < most.queuedMessagesMax() && queuedBytes + bytes <= most.queuedBytesMax();
    }

    private void dropExpired(long nowMillis) {
        var waiting = queue.size();
        for (var i = 0; i < waiting; i++) {
            var outbound = next();
            if (outbound.publication().isExpired(nowMillis)) {
                session.owner().dropped(session, DropReason.EXPIRED);
                outbound.releasePublication();
            } else {
                queuedBytes += outbound.publication().bytes().sizeBytes();
                queue.add(outbound);
            }
        }
    }
}
