package io.meridianmq.broker.store;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Which readers of each record of messages are not done with it. A record without any goes; one with few, for long, is written
 * anew without the messages that nobody wants, so that one slow session does not keep what was for others.
 *
 * <p>Filled at the start, then belongs to the committer's thread.
 */
final class LiveRecords {

    private static final int SPARSE_ONE_IN = 4;
    private static final long SPARSE_AFTER_NANOS = 10_000_000_000L;

    private final Map<Long, Readers> records = new HashMap<>();

    /** In the order of their times, since all wait equally long. */
    private final ArrayDeque<Sparse> sparse = new ArrayDeque<>();

    private long next = 1;

    private record Sparse(long record, long sinceNanos) {}

    private static final class Readers {
        final BitSet done = new BitSet();

        /** Those that it was written with. */
        int all;

        int left;
        boolean isSparse;

        Readers(int count) {
            all = count;
            left = count;
        }
    }

    /** A record that is in the store; {@link #release} tells later which readers are done with it. */
    void found(long record, int readerCount) {
        records.put(record, new Readers(readerCount));
        passed(record);
    }

    /** A record that was in the store: its number is not given again. */
    void passed(long record) {
        next = Math.max(next, record + 1);
    }

    /** The number of a new record. */
    long add(int readerCount) {
        records.put(next, new Readers(readerCount));
        return next++;
    }

    /** A new record has not come into the store. */
    void forget(long record) {
        records.remove(record);
    }

    /** One reader is done; true if it was the last. */
    boolean release(long locator, long nowNanos) {
        var record = Locator.record(locator);
        var readers = records.get(record);
        if (readers == null || readers.done.get(Locator.reader(locator))) {
            return false;
        }
        readers.done.set(Locator.reader(locator));
        readers.left--;
        if (readers.left == 0) {
            records.remove(record);
            return true;
        }
        if (!readers.isSparse && readers.left * SPARSE_ONE_IN <= readers.all) {
            readers.isSparse = true;
            sparse.add(new Sparse(record, nowNanos));
        }
        return false;
    }

    /** Takes back {@link #release}. */
    void retain(long locator) {
        var readers = records.computeIfAbsent(Locator.record(locator), _ -> new Readers(0));
        readers.done.clear(Locator.reader(locator));
        readers.left++;
    }

    /** A record that has been sparse for long, at most once each time that it becomes so. */
    OptionalLong pollSparse(long nowNanos) {
        while (!sparse.isEmpty() && nowNanos - sparse.element().sinceNanos >= SPARSE_AFTER_NANOS) {
            var record = sparse.remove().record;
            if (records.containsKey(record)) {
                return OptionalLong.of(record);
            }
        }
        return OptionalLong.empty();
    }

    /** Whether a reader is done with a record. */
    boolean isDone(long record, int reader) {
        var readers = records.get(record);
        return readers == null || readers.done.get(reader);
    }

    /** A sparse record was written anew, with those alone that are left. */
    void rewritten(long record) {
        var readers = records.get(record);
        if (readers != null) {
            readers.all = readers.left;
            readers.isSparse = false;
        }
    }

    int size() {
        return records.size();
    }
}
