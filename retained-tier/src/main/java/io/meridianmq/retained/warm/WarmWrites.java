package io.meridianmq.retained.warm;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.retained.store.RocksStore;
import io.meridianmq.retained.store.StoreCommitter;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Writes topics' values, and keeps the index of due times in step with them. Owned by the committer's thread.
 *
 * <p>The store shows only what is committed, so what the group under way has changed is remembered here until it is
 * settled: committed or failed.
 */
final class WarmWrites {

    private static final byte[] NOTHING = {};

    /**
     * What has to be known of a topic's value to replace it.
     *
     * @param message false for a tombstone
     * @param dueMillis when to look at it again: a message at its expiry, a tombstone at the end of its time; or {@link
     *     Publication#NEVER}
     */
    record Head(boolean message, RetainedVersion version, long dueMillis) {}

    private record Unsettled(StoreCommitter.Change owner, Optional<Head> head) {}

    private final RocksStore store;
    private final ColumnFamilyHandle messages;
    private final ColumnFamilyHandle due;
    private final ColumnFamilyHandle slots;
    private final long tombstonesKeptMillis;
    private final Map<ByteBuffer, Unsettled> unsettled = new HashMap<>();

    WarmWrites(RocksStore store, WarmSettings settings) {
        this.store = store;
        this.messages = store.family(WarmTier.MESSAGES);
        this.due = store.family(WarmTier.DUE);
        this.slots = store.family(WarmTier.SLOTS);
        this.tombstonesKeptMillis = settings.tombstonesKept().toMillis();
    }

    /** The topic's value as it will be when the group under way is committed; empty if it never had one. */
    Optional<Head> head(byte[] key) {
        var changed = unsettled.get(ByteBuffer.wrap(key));
        return changed != null ? changed.head() : store.get(messages, key).map(this::headOf);
    }

    /** When a tombstone of this version may go. */
    long tombstoneDueMillis(RetainedVersion version) {
        return HybridClock.millisOf(version.timestamp()) + tombstonesKeptMillis;
    }

    /** Replaces the topic's value, {@code old}, by a message or a tombstone. */
    void replace(WriteBatch group, StoreCommitter.Change owner, byte[] key, Optional<Head> old, byte[] value)
            throws RocksDBException {
        if (old.isPresent()) {
            dropDue(group, old.get(), key);
        } else {
            group.put(slots, SlotKey.of(key), NOTHING);
        }
        var head = headOf(value);
        group.put(messages, key, value);
        if (head.dueMillis() != Publication.NEVER) {
            group.put(due, DueKey.of(head.dueMillis(), key), NOTHING);
        }
        unsettled.put(ByteBuffer.wrap(key), new Unsettled(owner, Optional.of(head)));
    }

    /** Removes the topic's value without a trace. */
    void remove(WriteBatch group, StoreCommitter.Change owner, byte[] key, Head old) throws RocksDBException {
        dropDue(group, old, key);
        group.delete(messages, key);
        group.delete(slots, SlotKey.of(key));
        unsettled.put(ByteBuffer.wrap(key), new Unsettled(owner, Optional.empty()));
    }

    /** What {@code owner} did to the topic is in the store, or will never be. */
    void settle(StoreCommitter.Change owner, byte[] key) {
        var changed = unsettled.get(ByteBuffer.wrap(key));
        if (changed != null && changed.owner().equals(owner)) {
            unsettled.remove(ByteBuffer.wrap(key));
        }
    }

    private void dropDue(WriteBatch group, Head head, byte[] key) throws RocksDBException {
        if (head.dueMillis() != Publication.NEVER) {
            group.delete(due, DueKey.of(head.dueMillis(), key));
        }
    }

    private Head headOf(byte[] value) {
        var version = WarmRecord.version(value);
        return WarmRecord.isMessage(value)
                ? new Head(true, version, WarmRecord.expiresAtMillis(value))
                : new Head(false, version, tombstoneDueMillis(version));
    }
}
