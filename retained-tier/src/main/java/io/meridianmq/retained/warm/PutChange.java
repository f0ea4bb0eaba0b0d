package io.meridianmq.retained.warm;

import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.retained.store.StoreCommitter;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** A put or a clear on its way into the store. */
final class PutChange implements StoreCommitter.Change {

    private static final long FIXED_BYTES = 200;

    private final WarmWrites writes;
    private final WarmCounters counters;
    private final byte[] key;
    private final RetainedVersion version;
    private final byte[] value;
    private final Consumer<PutOutcome> listener;
    private PutOutcome outcome = PutOutcome.FAILED;

    PutChange(
            WarmWrites writes,
            WarmCounters counters,
            byte[] key,
            RetainedVersion version,
            byte[] value,
            Consumer<PutOutcome> listener) {
        this.writes = writes;
        this.counters = counters;
        this.key = key;
        this.version = version;
        this.value = value;
        this.listener = listener;
    }

    @Override
    public long sizeBytes() {
        return FIXED_BYTES + key.length + value.length;
    }

    @Override
    public void apply(WriteBatch group) throws RocksDBException {
        var old = writes.head(key);
        if (old.isPresent() && old.get().version().compareTo(version) >= 0) {
            outcome = PutOutcome.SUPERSEDED;
        } else if (WarmRecord.isMessage(value) && counters.isFull()) {
            outcome = PutOutcome.FULL;
        } else {
            writes.replace(group, this, key, old, value);
            outcome = PutOutcome.STORED;
        }
    }

    @Override
    public void committed() {
        finish(outcome);
    }

    @Override
    public void failed(Throwable cause) {
        finish(StoreCommitter.isForLackOfRoom(cause) ? PutOutcome.FULL : PutOutcome.FAILED);
    }

    @Override
    public boolean needsRoom() {
        return WarmRecord.isMessage(value);
    }

    private void finish(PutOutcome last) {
        writes.settle(this, key);
        counters.count(last);
        listener.accept(last);
    }
}
