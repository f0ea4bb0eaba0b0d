package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;

/** Filters kept as 64-bit keys, with the members that want them. One writer, lock-free readers. */
final class KeyedEntries {

    private final FilterHashes codes = new FilterHashes();
    private final HolderSets sets;

    KeyedEntries(HolderSets sets) {
        this.sets = sets;
    }

    /** Any thread: who wants it, as a code of {@link HolderSets}. */
    int code(long key) {
        return codes.get(key);
    }

    /** Any thread for reading. */
    FilterHashes codes() {
        return codes;
    }

    /** Writer: false if the member was there. */
    boolean add(long key, int member) {
        var before = codes.get(key);
        var after = sets.with(before, member);
        if (after == before) {
            return false;
        }
        codes.put(key, after);
        sets.release(before);
        return true;
    }

    /** Writer: false if the member was not there. */
    boolean remove(long key, int member) {
        var before = codes.get(key);
        return replace(key, before, sets.without(before, member));
    }

    /** Writer: puts a code that {@link HolderSets#without} gave in place of the key's; false if it is the same. */
    boolean replace(long key, int before, int after) {
        if (after == before) {
            return false;
        }
        if (after == FilterHashes.ABSENT) {
            codes.remove(key);
        } else {
            codes.put(key, after);
        }
        sets.release(before);
        return true;
    }

    /** Writer: the farthest reach anybody wants this key with; NODE for nobody. */
    Reach reach(long key) {
        return Members.reach(sets, codes.get(key));
    }
}
