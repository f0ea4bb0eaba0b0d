package io.meridianmq.retained.warm;

import io.meridianmq.topic.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A topic filter over keys in level order: where its matches can be, whether a key matches, and where to look next.
 *
 * <p>From a key that does not match it names the next key that may, so that {@code a/+/c} reads about two keys for each
 * child of {@code a}, however much is below them. Belongs to one scan.
 */
final class FilterRange {

    private static final byte[] UNBOUNDED = {};
    private static final byte[] PAST_RESERVED = {'$' + 1};

    /** What to make of a key. */
    enum Step {
        MATCH,
        /** No match; the next key in order may be one. */
        NEXT,
        /** No match; the next one is at {@link #target()} or above. */
        SEEK
    }

    private final byte[][] levels;
    private final boolean[] any;
    private final boolean below;
    private final byte[] start;
    private final byte[] end;
    private byte[] target = UNBOUNDED;

    FilterRange(TopicFilter filter) {
        var texts = filter.filter().split("/", -1);
        below = texts[texts.length - 1].equals("#");
        var count = below ? texts.length - 1 : texts.length;
        levels = new byte[count][];
        any = new boolean[count];
        for (var i = 0; i < count; i++) {
            levels[i] = texts[i].getBytes(StandardCharsets.UTF_8);
            any[i] = texts[i].equals("+");
        }
        if (filter.literalLevels() == 0) {
            start = UNBOUNDED;
            end = UNBOUNDED;
        } else {
            start = TopicKey.of(filter.literalPrefix());
            end = TopicKey.pastSubtree(start, start.length);
        }
    }

    /** The first key that can match. */
    byte[] start() {
        return start;
    }

    /** The first key above all that can match; empty if there is none. */
    byte[] end() {
        return end;
    }

    /** Where to go on after {@link Step#SEEK}: above the key that was checked. */
    byte[] target() {
        return target;
    }

    Step check(byte[] key) {
        var wildcardFirst = levels.length == 0 || any[0];
        if (wildcardFirst && key.length > 0 && key[0] == '$') {
            return seek(PAST_RESERVED); // [MQTT-4.7.2-1]
        }
        var at = 0;
        for (var i = 0; i < levels.length; i++) {
            if (at > key.length) {
                return Step.NEXT; // Fewer levels than wanted: what is below comes next.
            }
            var levelEnd = levelEnd(key, at);
            if (!any[i]) {
                var order = Arrays.compareUnsigned(key, at, levelEnd, levels[i], 0, levels[i].length);
                if (order != 0) {
                    return seek(order < 0 ? withLevel(key, at, levels[i]) : pastParent(key, at));
                }
            }
            at = levelEnd + 1;
        }
        if (below || at > key.length) {
            return Step.MATCH; // With #, the level before it matches, too. [MQTT-4.7.1-2]
        }
        return seek(TopicKey.pastSubtree(key, at - 1));
    }

    private Step seek(byte[] next) {
        target = next;
        return Step.SEEK;
    }

    /** The smallest key with the same levels before {@code at} and the wanted one there. */
    private static byte[] withLevel(byte[] key, int at, byte[] level) {
        var seek = Arrays.copyOf(key, at + level.length);
        System.arraycopy(level, 0, seek, at, level.length);
        return seek;
    }

    /** The smallest key that is not below the parent of the level at {@code at}; a first level is literal, and bounded. */
    private static byte[] pastParent(byte[] key, int at) {
        assert at > 0 : "the range of a filter ends with its literal prefix";
        return TopicKey.pastSubtree(key, at - 1);
    }

    private static int levelEnd(byte[] key, int from) {
        var end = from;
        while (end < key.length && key[end] != TopicKey.SEPARATOR) {
            end++;
        }
        return end;
    }
}
