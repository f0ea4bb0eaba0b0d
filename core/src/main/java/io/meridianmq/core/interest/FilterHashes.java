package io.meridianmq.core.interest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A map from the 64-bit keys of filters to non-zero numbers, at 16 to 20 bytes an entry. One writer, lock-free readers.
 *
 * <pre>
 *   key, top 10 bits --> segment   keys   [ .  k1  k2  .  k3 ]
 *   key, low 32 bits --> home      values [ 0   7   x  0  12 ]     0 = never used, x = removed
 * </pre>
 *
 * <p>Open addressing with linear probing inside each of {@value #SEGMENTS} segments. A segment that is 75% used is copied
 * to 60% live, one with less than 25% live too, so that a change never moves more than one segment. A home is the key's
 * share of the capacity (multiply and shift), so capacities need not be powers of two and memory does not double.
 *
 * <p><b>Why readers are right.</b> The writer stores a key plainly and then its value with release; readers load the value
 * with acquire first, so a value that is not 0 comes with its key. A slot's key never changes: a removed slot keeps it and
 * serves only the same key again, and space is won back by copying. Therefore no slot between a key's home and its place
 * becomes unused while a reader probes, and changing a value is one store: a reader sees the old or the new one. A copy is
 * complete before it is published with release into the segment array. Who still reads the segment from before sees the
 * past, at most as long as its call lasts.
 */
final class FilterHashes {

    static final int SEGMENTS = 1024;
    static final int ABSENT = 0;
    static final int REMOVED = Integer.MIN_VALUE;

    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle SEGMENT = MethodHandles.arrayElementVarHandle(Segment[].class);
    private static final int SEGMENT_SHIFT = 54;
    private static final int CAPACITY_MIN = 8;

    /** The arrays are read by all; the figures belong to the writer. */
    static final class Segment {
        final long[] keys;
        final int[] values;
        int live;
        int used; // live and removed
        long sum; // of the live entries' mixes, to notice damage

        Segment(int capacity) {
            this.keys = new long[capacity];
            this.values = new int[capacity];
        }
    }

    /** Takes entries one at a time. */
    @FunctionalInterface
    interface Visitor {
        void entry(long key, int value);
    }

    /** Never written to: its one slot makes it full. */
    private static final Segment EMPTY = new Segment(1);

    private final Segment[] segments = new Segment[SEGMENTS];
    private final AtomicInteger size = new AtomicInteger();

    FilterHashes() {
        Arrays.fill(segments, EMPTY);
    }

    /** Any thread: the key's number, or {@link #ABSENT}. */
    int get(long key) {
        var segment = segment(indexOf(key));
        var values = segment.values;
        var keys = segment.keys;
        for (var i = home(key, values.length); ; ) {
            var value = (int) VALUE.getAcquire(values, i);
            if (value == ABSENT) {
                return ABSENT;
            }
            if (keys[i] == key) {
                return value == REMOVED ? ABSENT : value;
            }
            if (++i == values.length) {
                i = 0;
            }
        }
    }

    /** Any thread: false if a key was there before the writer's last change that the caller has synchronised with. */
    boolean isEmpty() {
        return size.getAcquire() == 0;
    }

    /** Any thread: how many keys there are. */
    int size() {
        return size.getAcquire();
    }

    /** Writer: sets a key's number, neither {@link #ABSENT} nor {@link #REMOVED}. */
    void put(long key, int value) {
        assert value != ABSENT && value != REMOVED : value;
        var index = indexOf(key);
        var segment = segments[index];
        var slot = find(segment, key);
        if (segment.values[slot] == ABSENT && 4 * (segment.used + 1) > 3 * segment.values.length) {
            segment = copy(segment, segment.live + 1);
            SEGMENT.setRelease(segments, index, segment);
            slot = find(segment, key);
        }
        var before = segment.values[slot];
        if (before == ABSENT) {
            segment.used++;
            segment.keys[slot] = key;
        }
        if (before == ABSENT || before == REMOVED) {
            segment.live++;
            size.setRelease(size.getPlain() + 1);
        } else {
            segment.sum -= mix(key, before);
        }
        segment.sum += mix(key, value);
        VALUE.setRelease(segment.values, slot, value);
    }

    /** Writer: removes a key that may be there. */
    void remove(long key) {
        var index = indexOf(key);
        var segment = segments[index];
        var slot = find(segment, key);
        var before = segment.values[slot];
        if (before == ABSENT || before == REMOVED) {
            return;
        }
        segment.sum -= mix(key, before);
        segment.live--;
        VALUE.setRelease(segment.values, slot, REMOVED);
        size.setRelease(size.getPlain() - 1);
        if (segment.live == 0) {
            SEGMENT.setRelease(segments, index, EMPTY);
        } else if (segment.values.length > CAPACITY_MIN && 4 * segment.live < segment.values.length) {
            SEGMENT.setRelease(segments, index, copy(segment, segment.live));
        }
    }

    /** Any thread: gives the visitor what it meets in one segment. The visitor may change the map. */
    void forEach(int index, Visitor visitor) {
        var segment = segment(index);
        for (var i = 0; i < segment.values.length; i++) {
            var value = (int) VALUE.getAcquire(segment.values, i);
            if (value != ABSENT && value != REMOVED) {
                visitor.entry(segment.keys[i], value);
            }
        }
    }

    /**
     * Writer: whether a segment holds what was put there. If not (memory or code is broken), what it holds becomes the
     * truth, and the caller has to find out what that means.
     */
    boolean verify(int index) {
        var segment = segments[index];
        var sum = 0L;
        var live = 0;
        for (var i = 0; i < segment.values.length; i++) {
            var value = segment.values[i];
            if (value != ABSENT && value != REMOVED) {
                sum += mix(segment.keys[i], value);
                live++;
            }
        }
        if (sum == segment.sum && live == segment.live) {
            return true;
        }
        size.setRelease(size.getPlain() + live - segment.live);
        segment.live = live;
        segment.sum = sum;
        return false;
    }

    /** Any thread: the arrays of one segment, to be read as {@link #forEach} does. */
    Segment segment(int index) {
        return (Segment) SEGMENT.getAcquire(segments, index);
    }

    /** Any thread: whether a slot has an entry, whose key may then be read. */
    static boolean isLive(Segment segment, int slot) {
        var value = (int) VALUE.getAcquire(segment.values, slot);
        return value != ABSENT && value != REMOVED;
    }

    static int indexOf(long key) {
        return (int) (key >>> SEGMENT_SHIFT);
    }

    /** The slot that has this key, or the unused one where it belongs. */
    static int find(Segment segment, long key) {
        var values = segment.values;
        var slot = home(key, values.length);
        while (values[slot] != ABSENT && segment.keys[slot] != key) {
            if (++slot == values.length) {
                slot = 0;
            }
        }
        return slot;
    }

    private static int home(long key, int capacity) {
        return (int) (((key & 0xFFFF_FFFFL) * capacity) >>> 32);
    }

    private static Segment copy(Segment old, int expected) {
        var copy = new Segment(Math.max(CAPACITY_MIN, (int) (expected * 5L / 3) + 1));
        for (var i = 0; i < old.values.length; i++) {
            var value = old.values[i];
            if (value != ABSENT && value != REMOVED) {
                var slot = find(copy, old.keys[i]);
                copy.keys[slot] = old.keys[i];
                copy.values[slot] = value;
            }
        }
        copy.live = old.live;
        copy.used = old.live;
        copy.sum = old.sum;
        return copy;
    }

    private static long mix(long key, int value) {
        return Checksums.mix(key + value * 0x9E3779B97F4A7C15L);
    }
}
