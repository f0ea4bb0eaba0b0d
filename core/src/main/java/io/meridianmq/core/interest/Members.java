package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;

/** What a member of a {@link HolderSets} set says here: a generation, and the reach it wants something with. */
final class Members {

    private Members() {}

    static int member(Generation generation, Reach reach) {
        return (generation.index << ReachCode.BITS) | ReachCode.of(reach);
    }

    static int generation(int member) {
        return member >>> ReachCode.BITS;
    }

    static Reach reach(int member) {
        return ReachCode.reach(member);
    }

    /** The farthest reach in a set; NODE for the empty one. */
    static Reach reach(HolderSets sets, int code) {
        if (code == FilterHashes.ABSENT) {
            return Reach.NODE;
        }
        if (HolderSets.isOne(code)) {
            return reach(HolderSets.one(code));
        }
        var farthest = 0;
        for (var member : sets.members(code)) {
            farthest = Math.max(farthest, member & (ReachCode.COUNT - 1));
        }
        return ReachCode.reach(farthest);
    }

    /** Whether a generation has a member in a set. */
    static boolean has(HolderSets sets, int code, int generation) {
        if (code == FilterHashes.ABSENT) {
            return false;
        }
        if (HolderSets.isOne(code)) {
            return generation(HolderSets.one(code)) == generation;
        }
        for (var member : sets.members(code)) {
            if (generation(member) == generation) {
                return true;
            }
        }
        return false;
    }
}
