package io.meridianmq.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of elements with one writer and lock-free readers, whose longest pause does not grow with its size.
 *
 * <pre>
 *   directory  [ S0 S0 S1 S2 ]        indexed by the top bits of the hash; its length is a power of two
 *                 |     |  |
 *                 |     |  +-- S2: depth 2, owns one directory entry
 *                 |     +----- S1: depth 2
 *                 +----------- S0: depth 1, owns two
 *   segment    [ . a x b . . c . ]    open addressing by the low bits, linear probing, x = removed
 * </pre>
 *
 * <p>This is extendible hashing (Fagin et al., 1979). A segment doubles up to {@value #SEGMENT_SLOTS_MAX} slots and then
 * splits in two, so a change moves at most half as many elements, however large the table.
 *
 * <p><b>Why readers are right.</b> Elements are published by release stores into slots, segments by release stores into
 * the directory, directories by a volatile field; readers load with acquire, so whatever they reach is complete. An
 * element that stays in the table keeps its slot until its segment is replaced, and a replacement is filled before it is
 * published. A slot goes back to empty only if the slot behind it is empty; therefore no slot between an element's home
 * and its place is ever empty, and a probe cannot stop short of an element that stays. A reader that holds a segment or
 * directory from before a replacement sees the table as it was then: changes may be seen late, a stable element is
 * always found. A split stores the directory entries from the highest down, so a walk upwards meets either the old
 * segment and skips its whole span, or both halves.
 *
 * <p>At most half of a segment's slots are taken, so probes end. Elements whose hashes are equal cannot be separated: once
 * a segment is {@value #DEPTH_MAX} splits deep it only doubles, and probing among equal hashes is linear.
 */
final class OpenTable<E> {

    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(Segment[].class);
    private static final int SEGMENT_SLOTS_MIN = 4;
    static final int SEGMENT_SLOTS_MAX = 4096;
    static final int DEPTH_MAX = 16;

    /** What a slot holds whose element was removed but which probes have to pass. */
    private enum Mark {
        REMOVED
    }

    /** The slots are read by all; the counts belong to the writer. */
    private static final class Segment {
        final @Nullable Object[] slots;
        final int depth;
        int live;
        int taken; // live and removed

        Segment(int capacity, int depth) {
            this.slots = new Object[capacity];
            this.depth = depth;
        }
    }

    private final ToIntFunction<? super E> hash;
    private volatile Segment[] directory = {new Segment(SEGMENT_SLOTS_MIN, 0)};
    private int size;

    /** @param hash gives an element's hash: well mixed in its top and its low bits, and never changing */
    OpenTable(ToIntFunction<? super E> hash) {
        this.hash = hash;
    }

    /** Reader: the slots to probe for this hash, to be read by {@link #at} from index {@code hash & (length - 1)}. */
    @Nullable
    Object[] slots(int hash) {
        var entries = directory;
        return segment(entries, index(entries, hash)).slots;
    }

    /** Reader: the element in a slot, an object of no interest if it was removed, null if the probe ends here. */
    static @Nullable Object at(@Nullable Object[] slots, int index) {
        return SLOT.getAcquire(slots, index);
    }

    /** Reader: gives every element to the sink; one that is removed and added meanwhile may be given twice. */
    void forEach(MatchSink<? super E> sink) {
        var entries = directory;
        for (var i = 0; i < entries.length; ) {
            var segment = segment(entries, i);
            for (var slot = 0; slot < segment.slots.length; slot++) {
                var found = at(segment.slots, slot);
                if (found != null && !(found instanceof Mark)) {
                    sink.matched(element(found));
                }
            }
            i += entries.length >>> segment.depth;
        }
    }

    /** Writer: how many elements there are. */
    int size() {
        return size;
    }

    /** Writer: adds an element that the table does not have. */
    void add(E element) {
        var h = hash.applyAsInt(element);
        var segment = segment(directory, index(directory, h));
        if (2 * (segment.taken + 1) > segment.slots.length) {
            makeRoom(segment, h);
            segment = segment(directory, index(directory, h));
        }
        place(segment, element, h);
        size++;
    }

    /** Writer: removes this very element; false if the table does not have it. */
    @SuppressWarnings("ReferenceEquality") // The contract: this very object, which the caller found here.
    boolean remove(E element) {
        var h = hash.applyAsInt(element);
        var segment = segment(directory, index(directory, h));
        var slots = segment.slots;
        var mask = slots.length - 1;
        var i = h & mask;
        for (var found = slots[i]; found != element; found = slots[i]) {
            if (found == null) {
                return false;
            }
            i = (i + 1) & mask;
        }
        vacate(segment, i);
        segment.live--;
        size--;
        shrink(segment, h);
        return true;
    }

    private void place(Segment segment, E element, int h) {
        var slots = segment.slots;
        var mask = slots.length - 1;
        var i = h & mask;
        while (slots[i] != null && !(slots[i] instanceof Mark)) {
            i = (i + 1) & mask;
        }
        if (slots[i] == null) {
            segment.taken++;
        }
        segment.live++;
        SLOT.setRelease(slots, i, element);
    }

    /** Empties a slot, and the removed ones before it, if no probe has to pass; else marks it. */
    private static void vacate(Segment segment, int at) {
        var slots = segment.slots;
        var mask = slots.length - 1;
        SLOT.setRelease(slots, at, Mark.REMOVED);
        if (slots[(at + 1) & mask] != null) {
            return;
        }
        for (var i = at; slots[i] instanceof Mark; i = (i - 1) & mask) {
            SLOT.setRelease(slots, i, null);
            segment.taken--;
        }
    }

    private void makeRoom(Segment full, int h) {
        var capacity = full.slots.length;
        if (4 * full.live < capacity) {
            replace(full, h, capacity); // Mostly removed slots: a copy is room enough.
        } else if (capacity < SEGMENT_SLOTS_MAX || full.depth == DEPTH_MAX) {
            replace(full, h, 2 * capacity);
        } else {
            split(full, h);
        }
    }

    private void shrink(Segment segment, int h) {
        if (size == 0) {
            directory = new Segment[] {new Segment(SEGMENT_SLOTS_MIN, 0)};
        } else if (segment.slots.length > SEGMENT_SLOTS_MIN && 8 * segment.live < segment.slots.length) {
            replace(segment, h, segment.slots.length / 2);
        }
    }

    private void replace(Segment old, int h, int capacity) {
        var copy = new Segment(capacity, old.depth);
        for (var found : old.slots) {
            if (found != null && !(found instanceof Mark)) {
                var moved = element(found);
                place(copy, moved, hash.applyAsInt(moved));
            }
        }
        publish(copy, h);
    }

    private void split(Segment full, int h) {
        if (directory.length == 1 << full.depth) {
            doubleDirectory();
        }
        var bit = 31 - full.depth;
        var low = new Segment(SEGMENT_SLOTS_MAX, full.depth + 1);
        var high = new Segment(SEGMENT_SLOTS_MAX, full.depth + 1);
        for (var found : full.slots) {
            if (found != null && !(found instanceof Mark)) {
                var moved = element(found);
                var movedHash = hash.applyAsInt(moved);
                place((movedHash >>> bit & 1) == 0 ? low : high, moved, movedHash);
            }
        }
        publish(high, h | 1 << bit);
        publish(low, h & ~(1 << bit));
        // All elements may have gone to one half, which is then still full.
        var half = segment(directory, index(directory, h));
        if (2 * (half.taken + 1) > half.slots.length) {
            makeRoom(half, h);
        }
    }

    private void doubleDirectory() {
        var old = directory;
        var twice = new Segment[2 * old.length];
        Arrays.setAll(twice, i -> old[i / 2]);
        directory = twice;
    }

    /** Stores a segment into all directory entries of its span, from the highest down. */
    private void publish(Segment segment, int h) {
        var entries = directory;
        var span = entries.length >>> segment.depth;
        var first = index(entries, h) & -span;
        for (var i = first + span - 1; i >= first; i--) {
            ENTRY.setRelease(entries, i, segment);
        }
    }

    private static Segment segment(Segment[] entries, int index) {
        return (Segment) ENTRY.getAcquire(entries, index);
    }

    /** The top bits of the hash; two shifts, since one by 32 would be none. */
    private static int index(Segment[] entries, int hash) {
        return hash >>> 1 >>> Integer.numberOfLeadingZeros(entries.length);
    }

    @SuppressWarnings("unchecked") // Only add stores elements, and it takes E.
    private E element(Object slot) {
        return (E) slot;
    }
}
