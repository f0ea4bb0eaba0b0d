package io.meridianmq.topic;

import java.util.Arrays;

/**
 * The keys of one topic: its own, and those of every {@code prefix/#} and of the {@code parent/+} that match it.
 *
 * <p>A reusable buffer for one thread: {@link #of} overwrites it and allocates only when a topic has more levels than any
 * before. It keeps 8 bytes for each level of the deepest topic seen, at most 512 KB since a topic has at most 65,536
 * levels.
 *
 * <p>Filters that begin with a wildcard pass topics that begin with {@code $} by [MQTT-4.7.2-1]: for such topics {@link
 * #firstDepth} is 1 and {@link #hasPlus} may be false.
 */
public final class TopicHashes {

    private String topic = "";
    private int levels;
    private int firstDepth;
    // states[d] is the running state after the first d levels.
    private long[] states = new long[16];

    /** An empty buffer; call {@link #of} before asking for anything. */
    public TopicHashes() {
        states[0] = TopicHash.NO_LEVELS;
    }

    /**
     * Fills this buffer.
     *
     * @param topic a valid topic name
     * @return this
     */
    public TopicHashes of(String topic) {
        this.topic = topic;
        this.firstDepth = TopicName.isReserved(topic) ? 1 : 0;
        var state = TopicHash.START;
        var depth = 1;
        for (var i = 0; i < topic.length(); i++) {
            var c = topic.charAt(i);
            if (c == '/') {
                store(depth++, state);
            }
            state = TopicHash.step(state, c);
        }
        store(depth, state);
        this.levels = depth;
        return this;
    }

    private void store(int depth, long state) {
        if (depth == states.length) {
            states = Arrays.copyOf(states, 2 * depth);
        }
        states[depth] = state;
    }

    /** The topic whose keys these are; empty before the first {@link #of}. */
    public String topic() {
        return topic;
    }

    /** How many levels the topic has, at least 1. */
    public int levels() {
        return levels;
    }

    /** The key of the topic itself: {@link TopicHash#ofLiteral}. */
    public long literalHash() {
        return TopicHash.literal(states[levels]);
    }

    /** The least depth at which {@code prefix/#} matches this topic: 0, or 1 if the topic begins with {@code $}. */
    public int firstDepth() {
        return firstDepth;
    }

    /**
     * The key of {@code prefix/#} where the prefix is the first levels of this topic. All depths from {@link #firstDepth}
     * to {@link #levels} match, the last since {@code a/#} matches {@code a}.
     *
     * @param depth how many levels the prefix has, 0 ({@code #} alone) to {@link #levels}
     */
    public long prefixHash(int depth) {
        return TopicHash.prefixHash(states[depth]);
    }

    /** Whether {@code parent/+} matches: always, but for a topic of one level that begins with {@code $}. */
    public boolean hasPlus() {
        return levels > firstDepth;
    }

    /** The key of {@code parent/+}, where the parent is all levels but the last. */
    public long plusHash() {
        return TopicHash.prefixPlus(states[levels - 1]);
    }
}
