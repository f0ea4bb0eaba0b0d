package io.meridianmq.topic;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The set of subscribers of one filter, in the least space: nothing (null), one subscriber itself, up to {@value
 * #FEW_MAX} in an array that is copied on change, or an {@link OpenTable} that is changed in place.
 *
 * <p>The entry that owns the set keeps it in one volatile field. {@link #find}, {@link #with} and {@link #without} are
 * for the writer; {@link #forEach} is for any thread. Subscribers are compared by {@code equals}.
 */
final class ValueSet {

    static final int FEW_MAX = 8;

    /** A class of its own, to tell a set from a subscriber that is an array. */
    private static final class Few {
        final Object[] values;

        Few(Object... values) {
            this.values = values;
        }
    }

    private ValueSet() {}

    /** The subscriber of this set that equals the given one, null if there is none. */
    static @Nullable Object find(@Nullable Object set, Object value) {
        if (set == null) {
            return null;
        }
        if (set instanceof Few few) {
            for (var one : few.values) {
                if (one.equals(value)) {
                    return one;
                }
            }
            return null;
        }
        if (set instanceof OpenTable<?> table) {
            return find(table, value);
        }
        return set.equals(value) ? set : null;
    }

    private static @Nullable Object find(OpenTable<?> table, Object value) {
        var hash = hash(value);
        var slots = table.slots(hash);
        var mask = slots.length - 1;
        for (var i = hash & mask; ; i = (i + 1) & mask) {
            var one = OpenTable.at(slots, i);
            if (one == null || one.equals(value)) {
                return one;
            }
        }
    }

    /** The set with one more subscriber, which it must not have yet. */
    static Object with(@Nullable Object set, Object value) {
        if (set == null) {
            return value;
        }
        if (set instanceof OpenTable<?> table) {
            ofObjects(table).add(value);
            return table;
        }
        if (!(set instanceof Few few)) {
            return new Few(set, value);
        }
        var count = few.values.length;
        if (count < FEW_MAX) {
            var values = Arrays.copyOf(few.values, count + 1);
            values[count] = value;
            return new Few(values);
        }
        var table = new OpenTable<Object>(ValueSet::hash);
        for (var one : few.values) {
            table.add(one);
        }
        table.add(value);
        return table;
    }

    /** The set without one of its subscribers, as {@link #find} gave it. */
    static @Nullable Object without(Object set, Object found) {
        if (set instanceof OpenTable<?> table) {
            ofObjects(table).remove(found);
            return table.size() == 0 ? null : table;
        }
        if (!(set instanceof Few few)) {
            return null;
        }
        if (few.values.length == 2) {
            return few.values[0].equals(found) ? few.values[1] : few.values[0];
        }
        var values = new Object[few.values.length - 1];
        var next = 0;
        for (var one : few.values) {
            if (!one.equals(found)) {
                values[next++] = one;
            }
        }
        return new Few(values);
    }

    /** Gives every subscriber of the set to the sink. */
    @SuppressWarnings("unchecked") // A set holds what its owner, which is typed, put in.
    static void forEach(@Nullable Object set, MatchSink<?> sink) {
        if (set == null) {
            return;
        }
        var objects = (MatchSink<Object>) sink;
        if (set instanceof Few few) {
            for (var one : few.values) {
                objects.matched(one);
            }
        } else if (set instanceof OpenTable<?> table) {
            ofObjects(table).forEach(objects);
        } else {
            objects.matched(set);
        }
    }

    /** The 32-bit finaliser of MurmurHash3: many classes number their instances and hash to the number. */
    private static int hash(Object value) {
        return mix(value.hashCode());
    }

    static int mix(int hash) {
        var h = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
        h = (h ^ (h >>> 13)) * 0xC2B2AE35;
        return h ^ (h >>> 16);
    }

    @SuppressWarnings("unchecked") // Every table in a set was made by with, for Object.
    private static OpenTable<Object> ofObjects(OpenTable<?> table) {
        return (OpenTable<Object>) table;
    }
}
