package io.meridianmq.core.route;

import org.jspecify.annotations.Nullable;

/**
 * What was decided of the topics that were published to lately. A topic has one place for each of two kinds of messages, which it
 * shares with others: the last one decided on has it.
 *
 * <p>Belongs to its router's thread.
 */
final class KnownDecisions {

    /** How many decisions are known at most; a power of two. */
    static final int DECISIONS_MAX = 1 << 11;

    private final @Nullable String[] topics = new @Nullable String[DECISIONS_MAX];
    private final @Nullable Destinations[] decisions = new @Nullable Destinations[DECISIONS_MAX];
    private final long[] epochs = new long[DECISIONS_MAX];

    /**
     * What was decided of a topic, or null if that is not known.
     *
     * @param isAwaited whether the message is of a QoS that waits for nodes whose interest is not known
     * @param epoch of all that decisions depend on: what was decided in another one does not count
     */
    @Nullable
    Destinations find(String topic, boolean isAwaited, long epoch) {
        var place = place(topic, isAwaited);
        return epochs[place] == epoch && topic.equals(topics[place]) ? decisions[place] : null;
    }

    void add(String topic, boolean isAwaited, long epoch, Destinations decision) {
        var place = place(topic, isAwaited);
        topics[place] = topic;
        decisions[place] = decision;
        epochs[place] = epoch;
    }

    private static int place(String topic, boolean isAwaited) {
        var hash = topic.hashCode();
        return ((hash ^ hash >>> 16) << 1 | (isAwaited ? 1 : 0)) & (DECISIONS_MAX - 1);
    }
}
