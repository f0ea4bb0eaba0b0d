package io.meridianmq.broker.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys of the session store. Numbers are big-endian, so that they are ordered as numbers. */
final class Keys {

    private Keys() {}

    /** Of a session, or a record of messages. */
    static byte[] of(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static byte[] of(long session, String filter) {
        var text = filter.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + text.length)
                .putLong(session)
                .put(text)
                .array();
    }

    static byte[] of(long session, int packetIdentifier) {
        return ByteBuffer.allocate(Long.BYTES + Short.BYTES)
                .putLong(session)
                .putShort((short) packetIdentifier)
                .array();
    }

    /** Of a will: a session and the number of a connection; of a mark: a boot and two loops. */
    static byte[] of(long first, long second, long third) {
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .array();
    }

    static long session(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    static String filter(byte[] key) {
        return new String(key, Long.BYTES, key.length - Long.BYTES, StandardCharsets.UTF_8);
    }

    static int packetIdentifier(byte[] key) {
        return ByteBuffer.wrap(key).getShort(Long.BYTES) & 0xFFFF;
    }

    static long part(byte[] key, int index) {
        return ByteBuffer.wrap(key).getLong(index * Long.BYTES);
    }
}
