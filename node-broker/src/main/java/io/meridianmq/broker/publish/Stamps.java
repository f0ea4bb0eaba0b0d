package io.meridianmq.broker.publish;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.PublisherHash;
import java.util.concurrent.atomic.AtomicLong;

/** Gives messages that are published here their identity and their hybrid logical stamp. Any thread. */
public final class Stamps {

    /** How many numbers a {@link Numbers} takes at a time from what all share. */
    private static final long BLOCK = 1 << 12;

    private static final long KEPT = 1L << 62;

    private final long origin;
    private final long boot;
    private final HybridClock clock;
    private final AtomicLong nextBlock = new AtomicLong(1);

    /** @param boot number of this start of the node */
    public Stamps(Place node, long boot, HybridClock clock) {
        this.origin = PublisherHash.of(node.toString());
        this.boot = boot;
        this.clock = clock;
    }

    /** A stamp greater than all before, and than all that arrived. */
    public long timestamp(long wallMillis) {
        return clock.next(wallMillis);
    }

    /**
     * A stamp for a message that nobody keeps as the last of its topic: as great as the greatest before, so that loops need not
     * agree whose is next.
     */
    public long timestampOfPassing(long wallMillis) {
        return clock.latest(wallMillis);
    }

    /** Takes note of the stamp of a message that came from elsewhere, so that what is published here next is later. */
    public void arrived(long timestamp, long wallMillis) {
        clock.merge(timestamp, wallMillis);
    }

    /** Whether a message is this node's, of now or before a restart. */
    public boolean isOwn(PublicationId id) {
        return id.origin() == origin;
    }

    /** A source of identities for one thread. */
    public Numbers numbers() {
        return new Numbers(0);
    }

    /** A source of identities for one thread, of messages that keep theirs over a restart. */
    public Numbers keptNumbers() {
        return new Numbers(KEPT);
    }

    /** Whether a message of this node, now or before a restart, has an identity that it keeps over a restart. */
    public boolean isKept(PublicationId id) {
        return isOwn(id) && (id.number() & KEPT) != 0;
    }

    /** Identities for one thread, unique on the node. They grow within a thread, but not across threads. */
    public final class Numbers {
        private final long mark;
        private long next;
        private long end;

        private Numbers(long mark) {
            this.mark = mark;
        }

        public PublicationId next() {
            if (next == end) {
                next = nextBlock.getAndAdd(BLOCK);
                end = next + BLOCK;
            }
            return new PublicationId(origin, boot, mark | next++);
        }
    }
}
