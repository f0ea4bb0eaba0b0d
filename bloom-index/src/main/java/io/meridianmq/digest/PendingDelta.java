package io.meridianmq.digest;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The changes since the last delta. Of several changes to one wildcard or group only the last counts. One thread.
 *
 * <p>When there are more than one delta may carry, removals wait until all additions have gone, so that what replaces a
 * filter never comes after its removal.
 */
final class PendingDelta {

    /** A growing array of keys, taken from its front. */
    private static final class Keys {
        private long[] values = new long[16];
        private int taken;
        private int end;

        void add(long key) {
            if (end == values.length) {
                values = Arrays.copyOf(values, 2 * end);
            }
            values[end++] = key;
        }

        int size() {
            return end - taken;
        }

        ImmutableLongArray take(int most) {
            var until = taken + Math.min(most, size());
            var part = ImmutableLongArray.copyOf(Arrays.copyOfRange(values, taken, until));
            taken = until;
            if (taken == end) {
                values = new long[16];
                taken = 0;
                end = 0;
            }
            return part;
        }
    }

    private final Keys literals = new Keys();
    private final Keys overflow = new Keys();
    private final Set<TopicFilter> addedWildcards = new LinkedHashSet<>();
    private final Set<TopicFilter> removedWildcards = new LinkedHashSet<>();
    private final Map<TopicFilter, DigestGroup> changedGroups = new LinkedHashMap<>();
    private final Set<TopicFilter> removedGroups = new LinkedHashSet<>();

    void addLiteral(long key) {
        literals.add(key);
    }

    void addOverflow(long key) {
        overflow.add(key);
    }

    void addWildcard(TopicFilter filter) {
        removedWildcards.remove(filter);
        addedWildcards.add(filter);
    }

    void removeWildcard(TopicFilter filter) {
        addedWildcards.remove(filter);
        removedWildcards.add(filter);
    }

    void changeGroup(DigestGroup group) {
        removedGroups.remove(group.filter());
        changedGroups.put(group.filter(), group);
    }

    void removeGroup(TopicFilter filter) {
        changedGroups.remove(filter);
        removedGroups.add(filter);
    }

    boolean isEmpty() {
        return additions() == 0 && removedWildcards.isEmpty() && removedGroups.isEmpty();
    }

    private int additions() {
        return literals.size() + overflow.size() + addedWildcards.size() + changedGroups.size();
    }

    /** Takes up to so many changes; what is left goes with the next delta. */
    DigestDelta take(long generation, long fromVersion, long toVersion, int most) {
        var room = most;
        var wildcards = takeFrom(addedWildcards, room);
        room -= wildcards.size();
        var prefixes = overflow.take(room);
        room -= prefixes.length();
        var groups = takeFrom(changedGroups.values(), room);
        room -= groups.size();
        var keys = literals.take(room);
        room -= keys.length();
        List<TopicFilter> goneWildcards = List.of();
        List<TopicFilter> goneGroups = List.of();
        if (additions() == 0) {
            goneWildcards = takeFrom(removedWildcards, room);
            goneGroups = takeFrom(removedGroups, room - goneWildcards.size());
        }
        return new DigestDelta(
                generation, fromVersion, toVersion, keys, prefixes, wildcards, goneWildcards, groups, goneGroups);
    }

    private static <E> List<E> takeFrom(Collection<E> changes, int most) {
        var part = new ArrayList<E>(Math.min(most, changes.size()));
        for (var iterator = changes.iterator(); part.size() < most && iterator.hasNext(); ) {
            part.add(iterator.next());
            iterator.remove();
        }
        return part;
    }
}
