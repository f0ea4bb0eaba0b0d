package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntPredicate;

/**
 * Filters kept as text, in a trie, with the members that want them. One writer, lock-free readers, who have to look at
 * the epoch of {@link HolderSets} around a look-up as for keyed filters.
 */
final class WildcardEntries {

    /** One filter. */
    static final class Entry {
        final TopicFilter filter;
        private volatile int code;

        Entry(TopicFilter filter) {
            this.filter = filter;
        }

        /** Any thread: who wants it, as a code of {@link HolderSets}. */
        int code() {
            return code;
        }
    }

    private final SubscriptionTrie<Entry> trie = new SubscriptionTrie<>();
    private final Map<TopicFilter, Entry> entries = new HashMap<>();
    private final HolderSets sets;

    WildcardEntries(HolderSets sets) {
        this.sets = sets;
    }

    /** Any thread. */
    SubscriptionTrie<Entry> trie() {
        return trie;
    }

    /** Writer: false if the member was there. */
    boolean add(TopicFilter filter, int member, Generation generation) {
        var entry = entries.get(filter);
        if (entry == null) {
            entry = new Entry(filter);
            entry.code = sets.with(FilterHashes.ABSENT, member);
            entries.put(filter, entry);
            trie.add(filter, entry);
        } else {
            var before = entry.code;
            var after = sets.with(before, member);
            if (after == before) {
                return false;
            }
            entry.code = after;
            sets.release(before);
        }
        generation.wildcards.add(entry);
        return true;
    }

    /** Writer: false if the member was not there. */
    boolean remove(TopicFilter filter, int member, Generation generation) {
        var entry = entries.get(filter);
        if (entry == null || !remove(entry, leaving -> leaving == member)) {
            return false;
        }
        if (!Members.has(sets, entry.code, generation.index)) {
            generation.wildcards.remove(entry);
        }
        return true;
    }

    /** Writer: takes all leaving members off an entry; false if there were none. */
    boolean remove(Entry entry, IntPredicate leaving) {
        var before = entry.code;
        var after = sets.without(before, leaving);
        if (after == before) {
            return false;
        }
        if (after == FilterHashes.ABSENT) {
            trie.remove(entry.filter, entry);
            entries.remove(entry.filter);
        }
        entry.code = after;
        sets.release(before);
        return true;
    }

    /** Writer: the farthest reach anybody wants this filter with; NODE for nobody. */
    Reach reach(TopicFilter filter) {
        var entry = entries.get(filter);
        return entry == null ? Reach.NODE : Members.reach(sets, entry.code);
    }

    /** Writer. */
    void forEach(BiConsumer<TopicFilter, Integer> visitor) {
        entries.values().forEach(entry -> visitor.accept(entry.filter, entry.code));
    }
}
