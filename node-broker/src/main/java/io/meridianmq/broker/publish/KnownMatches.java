package io.meridianmq.broker.publish;

import io.meridianmq.core.session.Subscription;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which subscriptions topics matched that were published to again and again, until any subscription changes. A topic has one
 * place, which it shares with others: the last one published to has it, and is known from its second message on, so that topics
 * which come once cost no list.
 *
 * <p>Belongs to one thread.
 */
final class KnownMatches {

    /** How many topics are known at most; a power of two. */
    static final int TOPICS_MAX = 1 << 10;

    /** How many subscriptions of a topic are known; to find more is little beside what is done for each of them. */
    static final int SUBSCRIPTIONS_MAX = 8;

    private static final Subscription[] NONE = {};

    private final @Nullable String[] topics = new @Nullable String[TOPICS_MAX];
    private final Subscription[] @Nullable [] found = new Subscription[TOPICS_MAX] @Nullable [];

    /** Of the subscriptions that all of this was found among. */
    private long version;

    private boolean isEmpty = true;

    /**
     * What a topic matched, not to be changed; null if that is not known.
     *
     * @param versionNow of all subscriptions, read before this call
     */
    Subscription @Nullable [] find(String topic, long versionNow) {
        if (version != versionNow) {
            version = versionNow;
            forget();
            return null;
        }
        var place = place(topic);
        return topic.equals(topics[place]) ? found[place] : null;
    }

    /**
     * A topic that is not known matched these subscriptions, looked for after {@link #find} was asked.
     *
     * @param matches the subscriptions, by loop
     * @param count how many these are together
     */
    void add(String topic, Matches[] matches, int count) {
        var place = place(topic);
        if (!topic.equals(topics[place])) {
            topics[place] = topic;
            found[place] = null;
            isEmpty = false;
        } else if (count <= SUBSCRIPTIONS_MAX) {
            found[place] = list(matches, count);
        }
    }

    private static Subscription[] list(Matches[] matches, int count) {
        if (count == 0) {
            return NONE;
        }
        var list = new Subscription[count];
        var next = 0;
        for (var ofLoop : matches) {
            for (var i = 0; i < ofLoop.count(); i++) {
                list[next++] = ofLoop.get(i);
            }
        }
        return list;
    }

    /** What has ended must not be kept by what was found before. */
    private void forget() {
        if (!isEmpty) {
            Arrays.fill(topics, null);
            Arrays.fill(found, null);
            isEmpty = true;
        }
    }

    private static int place(String topic) {
        var hash = topic.hashCode();
        return (hash ^ hash >>> 16) & (TOPICS_MAX - 1);
    }
}
