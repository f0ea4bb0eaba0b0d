package io.meridianmq.broker.remote;

import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.CanonicalBytes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way to another node, from one end of the stream there to the next: how much is on it. What was to go this way when
 * the stream ended does not go on the next one.
 *
 * <p>Any thread, unless a method says otherwise.
 */
public final class Passage {

    /** Bytes on the way from which on no more messages are sent. Half of what a stream holds: the rest is for the others. */
    private static final long UNDER_WAY_MAX = 8L << 20;

    /** Bytes that arrive before the sender is told of it. */
    private static final long TOLD_AT = 64L << 10;

    private final Incarnation peer;
    private final AtomicLong underWayBytes = new AtomicLong();

    /** Whether somebody was told that there is no room, and waits. */
    private volatile boolean isAwaited;

    private volatile boolean isOver;

    /** Bytes that came from the peer and it has not been told of; belongs to the mesh thread. */
    private long untoldBytes;

    Passage(Incarnation peer) {
        this.peer = peer;
    }

    public Incarnation peer() {
        return peer;
    }

    /** Whether messages can be sent; after {@code false}, {@link Passages#arrived} tells when they can again. */
    public boolean hasRoom() {
        if (!isFull()) {
            return true;
        }
        isAwaited = true;
        // What was under way may have arrived between the look and the note; then nobody else would tell.
        return !isFull();
    }

    /** Whether so much is on its way that no more messages are sent. */
    public boolean isFull() {
        return underWayBytes.get() >= UNDER_WAY_MAX;
    }

    boolean isOver() {
        return isOver;
    }

    void add(StreamItem item) {
        underWayBytes.addAndGet(item.sizeBytes());
    }

    /** For the mesh thread. */
    void end() {
        isOver = true;
    }

    /**
     * So much has arrived at the peer. For the mesh thread.
     *
     * @return whether those who wait for room have some now
     */
    boolean arrived(long bytes) {
        // The first that the peer tells after the end of a stream may be of what went before it.
        var left = underWayBytes.updateAndGet(before -> Math.max(0, before - bytes));
        if (isAwaited && left < UNDER_WAY_MAX / 2) {
            isAwaited = false;
            return true;
        }
        return false;
    }

    /**
     * Something came from the peer. For the mesh thread.
     *
     * @return bytes to tell it of, or 0
     */
    long received(StreamItem item) {
        untoldBytes += item.sizeBytes();
        if (untoldBytes < TOLD_AT) {
            return 0;
        }
        var told = untoldBytes;
        untoldBytes = 0;
        return told;
    }

    static StreamItem receipt(long bytes) {
        return new StreamItem(
                0,
                CanonicalBytes.wrap(Fields.finish(Fields.start(Kind.ARRIVED, 9).writeLong(bytes))));
    }

    static long receipt(CanonicalBytes body) {
        return Fields.read(body, (_, in) -> in.readLong());
    }
}
