package io.meridianmq.broker.store;

import java.util.HashMap;
import java.util.Map;

/**
 * How many readers of each record of messages are not done with it: one without any goes. Filled at the start, then belongs to
 * the committer's thread.
 */
final class LiveRecords {

    private final Map<Long, Integer> readers = new HashMap<>();
    private long next = 1;

    /** A record that is in the store. */
    void found(long record, int readersOwed) {
        readers.put(record, readersOwed);
        next = Math.max(next, record + 1);
    }

    /** The number of a new record. */
    long add(int readerCount) {
        readers.put(next, readerCount);
        return next++;
    }

    /** A new record has not come into the store. */
    void forget(long record) {
        readers.remove(record);
    }

    /** One reader less; true if it was the last. */
    boolean release(long record) {
        var left = readers.merge(record, -1, Integer::sum);
        if (left > 0) {
            return false;
        }
        readers.remove(record);
        return true;
    }

    /** Takes back {@link #release}. */
    void retain(long record) {
        readers.merge(record, 1, Integer::sum);
    }

    int size() {
        return readers.size();
    }
}
