package io.meridianmq.core.interest;

import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Shared subscriptions with the members that have them. One writer, lock-free readers.
 *
 * <p>A member is {@code generation << 1 | online}; a generation may have both for a moment, and then counts as online.
 */
final class GroupEntries {

    private static final int[] NOBODY = {};

    /** One group on one filter. */
    static final class Entry {
        final String group;
        final TopicFilter filter;
        private volatile int[] members = NOBODY;

        Entry(String group, TopicFilter filter) {
            this.group = group;
            this.filter = filter;
        }

        /** Any thread: an array that is never changed. */
        int[] members() {
            return members;
        }

        GroupPresence presence() {
            var presence = GroupPresence.ABSENT;
            for (var member : members) {
                if (isOnline(member)) {
                    return GroupPresence.ONLINE;
                }
                presence = GroupPresence.OFFLINE;
            }
            return presence;
        }
    }

    private record Name(String group, TopicFilter filter) {}

    private final SubscriptionTrie<Entry> trie = new SubscriptionTrie<>();
    private final Map<Name, Entry> entries = new HashMap<>();

    /** Any thread. */
    SubscriptionTrie<Entry> trie() {
        return trie;
    }

    static int member(Generation generation, boolean online) {
        return (generation.index << 1) | (online ? 1 : 0);
    }

    static int generation(int member) {
        return member >>> 1;
    }

    static boolean isOnline(int member) {
        return (member & 1) != 0;
    }

    /** Writer: false if the member was there. */
    boolean add(String group, TopicFilter filter, int member, Generation generation) {
        var entry = entries.computeIfAbsent(new Name(group, filter), _ -> new Entry(group, filter));
        var before = entry.members;
        if (contains(before, member)) {
            return false;
        }
        var after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = member;
        entry.members = after;
        if (before.length == 0) {
            trie.add(filter, entry);
        }
        generation.groups.add(entry);
        return true;
    }

    /** Writer: false if the member was not there. */
    boolean remove(String group, TopicFilter filter, int member, Generation generation) {
        var entry = entries.get(new Name(group, filter));
        if (entry == null || !remove(entry, leaving -> leaving == member)) {
            return false;
        }
        if (Arrays.stream(entry.members).noneMatch(left -> generation(left) == generation.index)) {
            generation.groups.remove(entry);
        }
        return true;
    }

    /** Writer: takes all leaving members off an entry; false if there were none. */
    boolean remove(Entry entry, IntPredicate leaving) {
        var before = entry.members;
        var after = Arrays.stream(before).filter(leaving.negate()).toArray();
        if (after.length == before.length) {
            return false;
        }
        if (after.length == 0) {
            trie.remove(entry.filter, entry);
            entries.remove(new Name(entry.group, entry.filter));
        }
        entry.members = after;
        return true;
    }

    /** Writer. */
    GroupPresence presence(String group, TopicFilter filter) {
        var entry = entries.get(new Name(group, filter));
        return entry == null ? GroupPresence.ABSENT : entry.presence();
    }

    /** Writer. */
    void forEach(Consumer<Entry> visitor) {
        entries.values().forEach(visitor);
    }

    private static boolean contains(int[] members, int wanted) {
        for (var member : members) {
            if (member == wanted) {
                return true;
            }
        }
        return false;
    }
}
