package io.meridianmq.core.lane;

import java.util.BitSet;

/**
 * A set of numbers from 1 that fills up from below: the highest one without a gap before it, and those beyond.
 *
 * <p>Takes one bit for each number between the lowest that is missing and the highest there is.
 */
final class Settled {

    /** The set's bits are moved down when so many at the beginning are of no use. */
    private static final int SHIFT_AT = 4_096;

    private long highest;
    /** Bit 0 stands for the number after this one. */
    private long origin;

    private final BitSet beyond = new BitSet(0);

    /** The highest number that is there with everything below it; 0 for none. */
    long highest() {
        return highest;
    }

    /** Adds a number; true if {@link #highest} grew. */
    boolean add(long number) {
        if (number <= highest) {
            return false;
        }
        if (number == highest + 1 && beyond.isEmpty()) {
            highest = number;
            origin = number;
            return true;
        }
        beyond.set((int) (number - origin - 1));
        return grow();
    }

    /** Adds all numbers up to this one. */
    void upTo(long number) {
        if (number > highest) {
            highest = number;
            grow();
        }
    }

    private boolean grow() {
        var before = highest;
        var next = highest - origin;
        highest = next > Integer.MAX_VALUE ? highest : origin + beyond.nextClearBit((int) next);
        if (beyond.length() <= highest - origin) {
            beyond.clear();
            origin = highest;
        } else if (highest - origin >= SHIFT_AT) {
            var shift = (int) (highest - origin);
            var kept = beyond.get(shift, beyond.length());
            beyond.clear();
            beyond.or(kept);
            origin = highest;
        }
        return highest > before;
    }
}
