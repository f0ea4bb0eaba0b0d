package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;

/** Reaches as two bits, ordered from near to far; part of checksums, so they never change. */
final class ReachCode {

    static final int BITS = 2;
    static final int COUNT = 1 << BITS;

    private ReachCode() {}

    static int of(Reach reach) {
        return switch (reach) {
            case NODE -> 0;
            case ZONE -> 1;
            case REGION -> 2;
            case GLOBAL -> 3;
        };
    }

    /** The reach in the last two bits. */
    static Reach reach(int code) {
        return switch (code & (COUNT - 1)) {
            case 0 -> Reach.NODE;
            case 1 -> Reach.ZONE;
            case 2 -> Reach.REGION;
            default -> Reach.GLOBAL;
        };
    }
}
