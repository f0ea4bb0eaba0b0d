package io.meridianmq.retained.warm;

import io.meridianmq.retained.store.RocksStore;
import io.meridianmq.retained.store.StoreCommitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;

/**
 * One bounded look at what is due: expired messages become tombstones, so that an older value that is still on its way
 * stays out, and tombstones whose time is over go.
 */
final class Sweep implements StoreCommitter.Change {

    private final RocksStore store;
    private final WarmWrites writes;
    private final WarmCounters counters;
    private final long nowMillis;
    private final int entriesMax;
    private final List<byte[]> touched = new ArrayList<>();
    private final CompletableFuture<Integer> examined = new CompletableFuture<>();
    private int expired;
    private int dropped;
    private int seen;

    Sweep(RocksStore store, WarmWrites writes, WarmCounters counters, long nowMillis, int entriesMax) {
        this.store = store;
        this.writes = writes;
        this.counters = counters;
        this.nowMillis = nowMillis;
        this.entriesMax = entriesMax;
    }

    /** Completes with how many due entries there were, at most as many as were allowed. */
    CompletableFuture<Integer> examined() {
        return examined;
    }

    @Override
    public long sizeBytes() {
        return 0;
    }

    @Override
    public void apply(WriteBatch group) throws RocksDBException {
        var due = store.family(WarmTier.DUE);
        for (var dueKey : store.scan(due, DueKey.after(nowMillis), this::firstKeys)) {
            seen++;
            var key = DueKey.topicKey(dueKey);
            var head = writes.head(key);
            if (head.isPresent() && head.get().dueMillis() == DueKey.dueMillis(dueKey)) {
                end(group, key, head.get());
            } else {
                group.delete(due, dueKey); // Of a value replaced in this very group.
            }
        }
    }

    private List<byte[]> firstKeys(RocksIterator entries) {
        var keys = new ArrayList<byte[]>();
        for (entries.seekToFirst(); entries.isValid() && keys.size() < entriesMax; entries.next()) {
            keys.add(entries.key());
        }
        return keys;
    }

    private void end(WriteBatch group, byte[] key, WarmWrites.Head head) throws RocksDBException {
        touched.add(key);
        if (head.message()) {
            expired++;
        } else {
            dropped++;
        }
        if (writes.tombstoneDueMillis(head.version()) > nowMillis) {
            writes.replace(group, this, key, Optional.of(head), WarmRecord.tombstone(head.version()));
        } else {
            writes.remove(group, this, key, head);
        }
    }

    @Override
    public void committed() {
        settle();
        counters.expired.add(expired);
        counters.tombstonesDropped.add(dropped);
        examined.complete(seen);
    }

    @Override
    public void failed(Throwable cause) {
        settle();
        examined.completeExceptionally(cause);
    }

    private void settle() {
        touched.forEach(key -> writes.settle(this, key));
    }
}
