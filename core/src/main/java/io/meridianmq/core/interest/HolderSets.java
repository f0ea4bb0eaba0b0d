package io.meridianmq.core.interest;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Sets of members as single {@code int} codes: a set of one is coded directly, larger ones are kept once and counted.
 *
 * <p>A member is a small non-negative number (a generation with a reach). Codes: {@link FilterHashes#ABSENT} is the empty
 * set, {@code member + 1} a set of one, {@code ~id} a larger set by its identifier.
 *
 * <p><b>Threads.</b> One writer; any thread reads {@link #epoch} and {@link #members}. An identifier may come to mean
 * another set while a reader holds its code. Identifiers that are no longer used are therefore set aside, and the epoch
 * grows before any of them is used again: the writer stores the epoch, then the new set with release; a reader loads the
 * epoch, the code, the set with acquire, and the epoch again. If it saw a new set under an old code, it also sees that the
 * epoch grew, and starts over. That happens once for {@value #ASIDE_MIN} or more abandoned sets.
 */
final class HolderSets {

    private static final int ASIDE_MIN = 1024;
    private static final VarHandle SET = MethodHandles.arrayElementVarHandle(Interned[].class);

    /** A set of two or more, sorted; the array is never changed. Equal to every other with the same members. */
    private static final class Interned {
        final int[] members;
        final int hash;
        /** The writer's, set before readers find it. */
        int id;

        int references;

        Interned(int[] members) {
            this.members = members;
            this.hash = Arrays.hashCode(members);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Interned that && Arrays.equals(members, that.members);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private final Map<Interned, Interned> interned = new HashMap<>();
    private final ArrayDeque<Integer> aside = new ArrayDeque<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private volatile Interned[] byId = new Interned[16];
    private int idsUsed;
    private volatile long epoch;

    /** Any thread; see above. */
    long epoch() {
        return epoch;
    }

    /** Writer: makes readers that have begun start over once they see what the writer does next. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // There is one writer.
    void advanceEpoch() {
        epoch++;
    }

    static boolean isOne(int code) {
        return code > FilterHashes.ABSENT;
    }

    /** The member of a set of one. */
    static int one(int code) {
        return code - 1;
    }

    /** Any thread: the members of a set of two or more, right if the epoch is still the same afterwards. */
    int[] members(int code) {
        return ((Interned) SET.getAcquire(byId, ~code)).members;
    }

    /** Writer: the code of the set with this member, counted once more if it is another set. */
    int with(int code, int member) {
        if (code == FilterHashes.ABSENT) {
            return member + 1;
        }
        if (isOne(code)) {
            var other = one(code);
            if (other == member) {
                return code;
            }
            return intern(other < member ? new int[] {other, member} : new int[] {member, other});
        }
        var members = members(code);
        var at = Arrays.binarySearch(members, member);
        if (at >= 0) {
            return code;
        }
        var place = -at - 1;
        var more = new int[members.length + 1];
        System.arraycopy(members, 0, more, 0, place);
        more[place] = member;
        System.arraycopy(members, place, more, place + 1, members.length - place);
        return intern(more);
    }

    /** Writer: the code of the set without this member, counted once more if it is another set. */
    int without(int code, int member) {
        if (code >= FilterHashes.ABSENT) {
            return code == member + 1 ? FilterHashes.ABSENT : code;
        }
        return without(code, leaving -> leaving == member);
    }

    /** Writer: the code of the set without those members, counted once more if it is another set. */
    int without(int code, IntPredicate leaving) {
        if (code == FilterHashes.ABSENT) {
            return code;
        }
        if (isOne(code)) {
            return leaving.test(one(code)) ? FilterHashes.ABSENT : code;
        }
        var members = members(code);
        var kept = new int[members.length];
        var count = 0;
        for (var member : members) {
            if (!leaving.test(member)) {
                kept[count++] = member;
            }
        }
        if (count == members.length) {
            return code;
        }
        return switch (count) {
            case 0 -> FilterHashes.ABSENT;
            case 1 -> kept[0] + 1;
            default -> intern(Arrays.copyOf(kept, count));
        };
    }

    /** Writer: one entry less has this code. Call it after readers can no longer find the code in that entry. */
    void release(int code) {
        if (code >= FilterHashes.ABSENT) {
            return;
        }
        var set = byId[~code];
        if (--set.references == 0) {
            interned.remove(set);
            aside.add(set.id);
        }
    }

    /** Writer: how many sets of two or more there are. */
    int size() {
        return interned.size();
    }

    private int intern(int[] members) {
        var wanted = new Interned(members);
        var set = interned.get(wanted);
        if (set == null) {
            set = wanted;
            set.id = nextId();
            interned.put(set, set);
            SET.setRelease(byId, set.id, set);
        }
        set.references++;
        return ~set.id;
    }

    private int nextId() {
        if (free.isEmpty() && aside.size() >= Math.max(ASIDE_MIN, interned.size() / 2)) {
            advanceEpoch();
            free.addAll(aside);
            aside.clear();
        }
        if (!free.isEmpty()) {
            return free.remove();
        }
        if (idsUsed == byId.length) {
            byId = Arrays.copyOf(byId, 2 * byId.length);
        }
        return idsUsed++;
    }
}
