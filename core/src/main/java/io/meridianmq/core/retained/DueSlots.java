package io.meridianmq.core.retained;

import io.meridianmq.core.slot.SlotHash;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.IntConsumer;

/** Slots for which one kind of work is due, each from some time on; a few are worked on at once. */
final class DueSlots {

    /** Later than anything that is due. */
    private static final long FAR_NANOS = Duration.ofDays(365).toNanos();

    private final int runningMax;
    private final BitSet due = new BitSet(SlotHash.COUNT);
    private final BitSet running = new BitSet(SlotHash.COUNT);
    private int runningCount;
    private final long[] notBeforeNanos = new long[SlotHash.COUNT];

    /** There is nothing to start before; meaningless while nothing is due at all. */
    private long earliestNanos;

    /** @param runningMax slots that are worked on at once */
    DueSlots(int runningMax) {
        this.runningMax = runningMax;
    }

    /** From then on, or earlier if it is due already. */
    void add(int slot, long nanos) {
        if (!due.get(slot) || nanos - notBeforeNanos[slot] < 0) {
            postpone(slot, nanos);
        }
    }

    /** From then on, and not earlier. */
    void postpone(int slot, long nanos) {
        if (due.isEmpty() || nanos - earliestNanos < 0) {
            earliestNanos = nanos;
        }
        due.set(slot);
        notBeforeNanos[slot] = nanos;
    }

    void remove(int slot) {
        due.clear(slot);
    }

    /** Starts what is due, as far as there is room; each ends with {@link #over}, possibly during the call. */
    void start(long nowNanos, IntConsumer work) {
        if (due.isEmpty() || nowNanos - earliestNanos < 0) {
            return;
        }
        earliestNanos = nowNanos + FAR_NANOS;
        for (var slot = due.nextSetBit(0); slot >= 0; slot = due.nextSetBit(slot + 1)) {
            if (runningCount >= runningMax) {
                earliestNanos = nowNanos;
                return;
            }
            if (!running.get(slot) && nowNanos - notBeforeNanos[slot] >= 0) {
                running.set(slot);
                runningCount++;
                due.clear(slot);
                work.accept(slot);
            } else if (notBeforeNanos[slot] - earliestNanos < 0) {
                earliestNanos = notBeforeNanos[slot];
            }
        }
    }

    /** The work on a slot is over. What has become due anew meanwhile stays due. */
    void over(int slot) {
        running.clear(slot);
        runningCount--;
    }

    /** The work on a slot is over, and has to be done again from then on. */
    void overUntil(int slot, long nanos) {
        over(slot);
        add(slot, nanos);
    }

    /** Those that are due or worked on. */
    BitSet slots() {
        var slots = (BitSet) due.clone();
        slots.or(running);
        return slots;
    }

    int size() {
        return due.cardinality() + runningCount;
    }
}
