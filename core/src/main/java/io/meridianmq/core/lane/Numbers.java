package io.meridianmq.core.lane;

import java.util.BitSet;

/** A set of numbers of one lane that are close to each other: one bit for each number between the lowest and the highest. */
final class Numbers {

    /** The set's bits are moved down when so many at the beginning are of no use. */
    private static final int SHIFT_AT = 4_096;

    /** Bit 0 stands for this number. */
    private long origin;

    private BitSet bits = new BitSet(0);

    boolean isEmpty() {
        return bits.isEmpty();
    }

    /** The lowest of them; there is one. */
    long lowest() {
        assert !bits.isEmpty() : "there is a lowest number";
        return origin + bits.nextSetBit(0);
    }

    boolean contains(long number) {
        return number >= origin && number - origin < bits.length() && bits.get((int) (number - origin));
    }

    /** Adds a number. */
    void add(long number) {
        if (bits.isEmpty()) {
            origin = number;
        } else if (number < origin) {
            moveTo(number);
        } else if (number - origin >= SHIFT_AT) {
            moveTo(Math.min(number, lowest()));
        }
        bits.set(Math.toIntExact(number - origin));
    }

    /** Removes a number, if it is there. */
    void remove(long number) {
        if (contains(number)) {
            bits.clear((int) (number - origin));
        }
    }

    /** Removes all below this number. */
    void removeBelow(long number) {
        if (!bits.isEmpty() && number > origin) {
            bits.clear(0, (int) Math.min(number - origin, bits.length()));
        }
    }

    private void moveTo(long newOrigin) {
        var moved = new BitSet(bits.length());
        bits.stream().forEach(bit -> moved.set(Math.toIntExact(origin + bit - newOrigin)));
        bits = moved;
        origin = newOrigin;
    }
}
