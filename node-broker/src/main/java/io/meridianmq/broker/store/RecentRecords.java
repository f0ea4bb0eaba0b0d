package io.meridianmq.broker.store;

import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * Which records had QoS 2 messages that other nodes may send again, in the order in which they were kept. Their identities stay
 * in the store beyond the messages: for {@value #KEPT_MINUTES} minutes, which is longer than a node waits for another one that is
 * away, and {@value #MESSAGES_MAX} messages at most, of which the oldest go first.
 *
 * <p>Filled at the start, then belongs to the committer's thread.
 */
final class RecentRecords {

    static final int MESSAGES_MAX = 65_536;

    private static final int KEPT_MINUTES = 10;
    private static final long KEPT_NANOS = KEPT_MINUTES * 60_000_000_000L;

    private final ArrayDeque<Recent> records = new ArrayDeque<>();

    /** Read by other threads. */
    private volatile int messages;

    private record Recent(long record, int messages, long sinceNanos) {}

    /** A record that is in the store, or is about to be; each is later than the one before. */
    void add(long record, int messageCount, long nowNanos) {
        records.add(new Recent(record, messageCount, nowNanos));
        count(messageCount);
    }

    /** A record has not come into the store. */
    void forget(long record) {
        records.removeIf(recent -> {
            var isMeant = recent.record == record;
            if (isMeant) {
                count(-recent.messages);
            }
            return isMeant;
        });
    }

    /** A record whose identities are to go. */
    OptionalLong pollOld(long nowNanos) {
        var oldest = records.peek();
        if (oldest == null || (messages <= MESSAGES_MAX && nowNanos - oldest.sinceNanos < KEPT_NANOS)) {
            return OptionalLong.empty();
        }
        records.remove();
        count(-oldest.messages);
        return OptionalLong.of(oldest.record);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    private void count(int more) {
        messages += more;
    }

    /** Messages whose identities are kept. Any thread. */
    int messages() {
        return messages;
    }
}
