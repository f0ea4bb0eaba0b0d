package io.meridianmq.core.session;

/** A queue of numbers in one array that doubles when it is full. Eight bytes for each, since millions may wait. */
final class LongQueue {

    private static final long[] NOTHING = {};

    private long[] cells = NOTHING;
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(long value) {
        if (size == cells.length) {
            grow();
        }
        cells[(head + size) & (cells.length - 1)] = value;
        size++;
    }

    /** The value that is so many behind the first. */
    long get(int index) {
        return cells[(head + index) & (cells.length - 1)];
    }

    /** Removes the first ones. */
    void remove(int count) {
        head = (head + count) & Math.max(0, cells.length - 1);
        size -= count;
        if (size == 0) {
            cells = NOTHING;
            head = 0;
        }
    }

    private void grow() {
        var larger = new long[Math.max(4, cells.length * 2)];
        for (var i = 0; i < size; i++) {
            larger[i] = get(i);
        }
        cells = larger;
        head = 0;
    }
}
