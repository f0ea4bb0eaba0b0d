package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;

/**
 * What an entry adds to its holder's checksum.
 *
 * <p>A checksum is the sum of its entries' 64-bit mixes: it does not depend on the order of changes and is kept up to date
 * by one addition or subtraction. Both ends of a link compute it, so <b>the mixes never change</b>. Filters that are kept
 * as keys mix their key, so that a receiver that has only keys can compute it too.
 */
final class Checksums {

    private static final long KEYED = 0xB5297A4D3F84D5B5L;
    private static final long TEXT = 0x68E31DA4B5297A4DL;
    private static final long GROUP = 0x1B56C4E9D2A98E6BL;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Checksums() {}

    /** Of a literal filter, {@code prefix/#} or {@code prefix/+}, by its key. */
    static long ofKey(long key, Reach reach) {
        return mix(mix(key ^ KEYED) + ReachCode.of(reach) * STEP);
    }

    /** Of a filter that is not shared. */
    static long of(TopicFilter filter, Reach reach) {
        return filter.shape() == TopicFilter.Shape.OTHER
                ? mix(mix(TopicHash.ofLiteral(filter.filter()) ^ TEXT) + ReachCode.of(reach) * STEP)
                : ofKey(TopicHash.of(filter), reach);
    }

    /** Of a shared subscription. */
    static long ofGroup(String group, String filter, boolean online) {
        var both = mix(TopicHash.ofLiteral(group) ^ GROUP) + TopicHash.ofLiteral(filter);
        return mix(both + (online ? STEP : 0));
    }

    /** The 64-bit finaliser of SplitMix64 (Steele, Lea, Flood, 2014), a bijection. */
    static long mix(long value) {
        var z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
