package io.meridianmq.topic;

import java.util.HashMap;
import java.util.Map;

/**
 * Finds the subscriptions that a topic matches.
 *
 * <p>Filters without wildcards are in one hash table, by the 64-bit hash of the whole topic, confirmed by comparing the
 * text; filters with wildcards are in a trie of levels. Shared subscriptions ({@code $share/group/filter}) are kept apart
 * from the others in the same two structures, one entry for each group and filter.
 *
 * <p><b>Threads.</b> One writer at a time calls {@link #add} and {@link #remove}; handing the role to another thread needs
 * a happens-before edge, such as a task queue. Any number of threads read meanwhile, without locks and without
 * allocating. Everything a reader can reach was complete when it was published: entries by release stores into table
 * slots, which readers load with acquire; subscriber sets, trie links and member lists by volatile fields. The structure
 * is therefore never broken for a reader. What a reader sees may be late: it finds each subscription that was there from
 * before its call until after it, may or may not find one that is added or removed during the call, and finds what the
 * writer did earlier at the latest once it has synchronised with the writer in any way. See {@link OpenTable} for why
 * probes do not stop short.
 *
 * <p><b>Limits.</b> None of its own: who subscribes is limited before. An entry is gone when its last subscription is, and
 * the trie keeps no history. A change moves at most 2,048 table elements. Time to match does not depend on the number of
 * subscriptions but on the levels of the topic and the branches of the trie that match them.
 *
 * @param <V> the subscriber with whatever belongs to its subscription; compared by {@code equals}, and its hash code must
 *     not change
 */
public final class SubscriptionTrie<V> {

    private final FilterIndex<V> plain = new FilterIndex<>();
    private final FilterIndex<SharedGroup<V>> shared = new FilterIndex<>();
    private final Map<TopicFilter, SharedGroup<V>> groups = new HashMap<>();
    private volatile int subscriptionCount;
    private volatile long version;

    /** Most messages come when there are none: then a topic need not be looked for. */
    private volatile boolean hasGroups;

    /**
     * Adds a subscription. Writer only.
     *
     * @return false if this subscriber already has this very filter; then nothing changes and the old object stays
     */
    public boolean add(TopicFilter filter, V subscriber) {
        var added = filter.isShared() ? join(filter, subscriber) : plain.add(filter, subscriber);
        if (added) {
            changed(1);
        }
        return added;
    }

    /**
     * Removes a subscription. Writer only.
     *
     * @return false if there is no such subscription
     */
    public boolean remove(TopicFilter filter, V subscriber) {
        var removed = filter.isShared() ? leave(filter, subscriber) : plain.remove(filter, subscriber);
        if (removed) {
            changed(-1);
        }
        return removed;
    }

    /** Whether anybody subscribes to this very filter, its group included. Writer only. */
    public boolean contains(TopicFilter filter) {
        return filter.isShared() ? groups.containsKey(filter) : plain.contains(filter);
    }

    /**
     * Gives the sink each subscription that is not shared and matches, in no particular order. A subscriber comes once for
     * each of its filters that match; one that is removed and added again during the call may come twice for one filter.
     * Any thread.
     *
     * @param topic a valid topic name
     */
    public void match(String topic, MatchSink<? super V> sink) {
        plain.match(topic, TopicHash.ofLiteral(topic), sink);
    }

    /** The same for a topic whose hashes are at hand. Any thread. */
    public void match(TopicHashes topic, MatchSink<? super V> sink) {
        plain.match(topic.topic(), topic.literalHash(), sink);
    }

    /** Whether any subscription that is not shared matches; cheaper than to list them. Any thread. */
    public boolean matchesAny(TopicHashes topic) {
        return plain.matchesAny(topic);
    }

    /**
     * Gives the sink each group that matches: one for each group name and filter. The sink, or who reads what it collects,
     * chooses a member. Any thread.
     *
     * @param topic a valid topic name
     */
    public void matchGroups(String topic, MatchSink<? super SharedGroup<V>> sink) {
        if (hasGroups) {
            shared.match(topic, TopicHash.ofLiteral(topic), sink);
        }
    }

    /** The same for a topic whose hashes are at hand. Any thread. */
    public void matchGroups(TopicHashes topic, MatchSink<? super SharedGroup<V>> sink) {
        if (hasGroups) {
            shared.match(topic.topic(), topic.literalHash(), sink);
        }
    }

    /** How many subscriptions there are, each member of a group being one. Any thread. */
    public int subscriptionCount() {
        return subscriptionCount;
    }

    /**
     * Grows with each change, when that is done: what was found after this was asked is what there is, as long as the answer
     * is the same. Any thread.
     */
    public long version() {
        return version;
    }

    /** How many topics, trie nodes and groups are kept: zero when there are no subscriptions. Writer only. */
    int entries() {
        return plain.entries() + shared.entries() + groups.size();
    }

    private boolean join(TopicFilter filter, V subscriber) {
        var existing = groups.get(filter);
        if (existing != null) {
            return existing.join(subscriber);
        }
        var created = new SharedGroup<V>(filter);
        created.join(subscriber);
        groups.put(filter, created);
        var added = shared.add(filter, created);
        hasGroups = true;
        return added;
    }

    private boolean leave(TopicFilter filter, V subscriber) {
        var group = groups.get(filter);
        if (group == null || !group.leave(subscriber)) {
            return false;
        }
        if (group.members().isEmpty()) {
            groups.remove(filter);
            shared.remove(filter, group);
            hasGroups = !groups.isEmpty();
        }
        return true;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // There is one writer.
    private void changed(int subscriptions) {
        subscriptionCount += subscriptions;
        version++;
    }
}
