package io.meridianmq.digest;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;

/** A Guava Bloom filter of keys that knows when it is due for replacement. One thread. */
final class CountedBloom {

    /** Below so many removed keys a replacement would cost more than the false positives do. */
    static final int STALE_MIN = 1_000;

    private final BloomFilter<Long> filter;
    private final long room;
    private long taken;
    private long stale;

    /**
     * @param room how many keys it takes before its rate of false positives is what was asked for
     * @param falsePositives that rate
     */
    CountedBloom(long room, double falsePositives) {
        this.filter = BloomFilter.create(Funnels.longFunnel(), room, falsePositives);
        this.room = room;
    }

    void add(long key) {
        if (filter.put(key)) {
            taken++;
        } else if (stale > 0) {
            stale--; // Most likely a key that was removed and comes back: its bits are still there.
        }
    }

    /** Takes note that a key is no longer wanted; its bits stay. */
    void remove() {
        stale++;
    }

    /** Over its room, or more than a fifth of its keys are stale. */
    boolean isWorn() {
        return taken > room || (stale > STALE_MIN && 5 * stale > taken);
    }

    BloomBits bits() {
        return BloomBits.copyOf(filter);
    }
}
