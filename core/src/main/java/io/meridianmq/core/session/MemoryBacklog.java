package io.meridianmq.core.session;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The backlog of a session that ends with the process. */
final class MemoryBacklog implements Backlog {

    private final Session session;
    private final SessionOwner owner;
    private final Supplier<SessionLimits> limits;
    private final ArrayDeque<Outbound> queue = new ArrayDeque<>(0);
    private long queuedBytes;

    MemoryBacklog(Session session, SessionOwner owner, Supplier<SessionLimits> limits) {
        this.session = session;
        this.owner = owner;
        this.limits = limits;
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
        if (queue.size() >= limits.get().queuedMessagesMax()) {
            owner.dropped(session, DropReason.QUEUE_MESSAGES);
        } else if (!fits(bytes)) {
            owner.dropped(session, DropReason.QUEUE_BYTES);
        } else {
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
    public void attach(Window window) {}

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
        var most = limits.get();
        return queue.size() < most.queuedMessagesMax() && queuedBytes + bytes <= most.queuedBytesMax();
    }

    private void dropExpired(long nowMillis) {
        var waiting = queue.size();
        for (var i = 0; i < waiting; i++) {
            var outbound = next();
            if (outbound.publication().isExpired(nowMillis)) {
                owner.dropped(session, DropReason.EXPIRED);
                outbound.releasePublication();
            } else {
                queuedBytes += outbound.publication().bytes().sizeBytes();
                queue.add(outbound);
            }
        }
    }
}
