package io.meridianmq.retained.warm;

import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.retained.store.RocksStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Keys in order of slots: the slot in 2 bytes, big-endian, then the topic's key. */
final class SlotKey {

    private static final byte[] NOTHING = {};
    private static final int BATCH_KEYS = 1_000;

    private SlotKey() {}

    static byte[] of(byte[] topicKey) {
        return of(SlotHash.ofTopic(TopicKey.topic(topicKey)), topicKey);
    }

    /** The smallest key of a slot that is not below the topic's. */
    static byte[] of(int slot, byte[] topicKey) {
        return ByteBuffer.allocate(Short.BYTES + topicKey.length)
                .putShort((short) slot)
                .put(topicKey)
                .array();
    }

    /** The smallest key of all later slots. */
    static byte[] after(int slot) {
        return of(slot + 1, NOTHING);
    }

    static byte[] topicKey(byte[] key) {
        return Arrays.copyOfRange(key, Short.BYTES, key.length);
    }

    /** Fills the index from the messages. */
    static void index(RocksStore store, RocksStore.Writer writer) throws RocksDBException {
        var from = NOTHING;
        var keys = page(store, from);
        while (!keys.isEmpty()) {
            try (var batch = new WriteBatch()) {
                for (var key : keys) {
                    batch.put(store.family(WarmTier.SLOTS), of(key), NOTHING);
                }
                writer.write(batch);
            }
            keys = page(store, TopicKey.successor(keys.getLast()));
        }
    }

    private static List<byte[]> page(RocksStore store, byte[] from) {
        return store.scan(store.family(WarmTier.MESSAGES), NOTHING, entries -> {
            var keys = new ArrayList<byte[]>();
            for (entries.seek(from); entries.isValid() && keys.size() < BATCH_KEYS; entries.next()) {
                keys.add(entries.key());
            }
            return keys;
        });
    }
}
