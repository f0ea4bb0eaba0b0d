package io.meridianmq.retained.warm;

import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.retained.store.StoreCommitter;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The end of what is known of a topic, if it is this version or an older one. */
final class Forgetting implements StoreCommitter.Change {

    private static final long FIXED_BYTES = 200;

    private final WarmWrites writes;
    private final byte[] key;
    private final RetainedVersion version;

    Forgetting(WarmWrites writes, byte[] key, RetainedVersion version) {
        this.writes = writes;
        this.key = key;
        this.version = version;
    }

    @Override
    public long sizeBytes() {
        return FIXED_BYTES + key.length;
    }

    @Override
    public void apply(WriteBatch group) throws RocksDBException {
        var old = writes.head(key);
        if (old.isPresent() && old.get().version().compareTo(version) <= 0) {
            writes.remove(group, this, key, old.get());
        }
    }

    @Override
    public void committed() {
        writes.settle(this, key);
    }

    @Override
    public void failed(Throwable cause) {
        writes.settle(this, key); // It stays, and is found again when its slot is gone through.
    }
}
