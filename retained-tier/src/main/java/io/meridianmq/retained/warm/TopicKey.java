package io.meridianmq.retained.warm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Topics as keys whose byte order is the order of topic levels: UTF-8 with 0x00 for the separator. */
final class TopicKey {

    /** Cannot occur in a topic. [MQTT-4.7.3-2] */
    static final byte SEPARATOR = 0;
    /** The smallest byte above the separator: behind a topic, the end of everything below that topic. */
    private static final byte ABOVE_SEPARATOR = 1;

    private TopicKey() {}

    static byte[] of(String topic) {
        var key = topic.getBytes(StandardCharsets.UTF_8);
        for (var i = 0; i < key.length; i++) {
            if (key[i] == '/') {
                key[i] = SEPARATOR;
            }
        }
        return key;
    }

    static String topic(byte[] key) {
        var bytes = key.clone();
        for (var i = 0; i < bytes.length; i++) {
            if (bytes[i] == SEPARATOR) {
                bytes[i] = '/';
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The smallest key above the topic whose key are the first {@code length} bytes and everything below that topic. */
    static byte[] pastSubtree(byte[] key, int length) {
        var past = Arrays.copyOf(key, length + 1);
        past[length] = ABOVE_SEPARATOR;
        return past;
    }

    /** The smallest key above this one. */
    static byte[] successor(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }
}
