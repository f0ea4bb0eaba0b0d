package io.meridianmq.retained.warm;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Keys in order of time: milliseconds since the epoch, 8 bytes big-endian and not negative, then the topic's key. */
final class DueKey {

    private DueKey() {}

    static byte[] of(long dueMillis, byte[] topicKey) {
        return ByteBuffer.allocate(Long.BYTES + topicKey.length)
                .putLong(Math.max(0, dueMillis))
                .put(topicKey)
                .array();
    }

    /** The smallest key of any time after this one. */
    static byte[] after(long millis) {
        return ByteBuffer.allocate(Long.BYTES).putLong(millis + 1).array();
    }

    static long dueMillis(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    static byte[] topicKey(byte[] key) {
        return Arrays.copyOfRange(key, Long.BYTES, key.length);
    }
}
