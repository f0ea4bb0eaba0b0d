package io.meridianmq.digest;

import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The filters with wildcards of a digest's sender, and what of them is sent. One thread.
 *
 * <pre>
 *   all filters = carried   exact, sent as text, at most wildcardsMax
 *               + overflow  summarised by literal prefix, those with the longest prefixes
 *               + covered   not sent: one of the above matches all they do
 * </pre>
 *
 * <p>So each filter is carried, or its literal prefix is in the overflow, or one of these is true of a filter that covers
 * it; topics that match a covered filter match the covering one and have its literal prefix. Filters without a literal
 * prefix are never in the overflow, so there may be at most wildcardsMax of them, covered ones included.
 *
 * <p>A filter stays in the overflow until it goes or a new generation starts, since bits cannot be taken back. Adding or
 * removing a filter costs as much as it covers filters.
 */
final class WildcardSummary {

    /** Topics probe prefixes up to this depth; filters with longer ones are summarised by their first levels. */
    static final int OVERFLOW_LEVELS_MAX = 8;

    private static final Comparator<TopicFilter> LONGEST_PREFIX_FIRST =
            Comparator.comparingInt(TopicFilter::literalLevels).reversed().thenComparing(TopicFilter::text);

    private final int carriedMax;
    private final PendingDelta pending;
    private CountedBloom overflowBloom;

    private final TreeSet<TopicFilter> carried = new TreeSet<>(LONGEST_PREFIX_FIRST);
    private final Set<TopicFilter> overflow = new HashSet<>();
    private final CoverTrie maximal = new CoverTrie(); // carried and overflow
    private final CoverTrie covered = new CoverTrie();
    private int withoutPrefix;

    WildcardSummary(int carriedMax, PendingDelta pending, CountedBloom overflowBloom) {
        this.carriedMax = carriedMax;
        this.pending = pending;
        this.overflowBloom = overflowBloom;
    }

    DigestOutcome add(TopicFilter filter) {
        if (maximal.contains(filter) || covered.contains(filter)) {
            return DigestOutcome.UNCHANGED;
        }
        if (filter.literalLevels() == 0) {
            if (withoutPrefix == carriedMax) {
                return DigestOutcome.REFUSED;
            }
            withoutPrefix++;
        }
        admit(filter);
        return DigestOutcome.CHANGED;
    }

    DigestOutcome remove(TopicFilter filter) {
        if (!covered.remove(filter)) {
            if (!maximal.remove(filter)) {
                return DigestOutcome.UNCHANGED;
            }
            withdraw(filter);
            for (var uncovered : covered.coveredBy(filter)) {
                covered.remove(uncovered);
                admit(uncovered);
            }
        }
        if (filter.literalLevels() == 0) {
            withoutPrefix--;
        }
        return DigestOutcome.CHANGED;
    }

    /** What is sent as text. */
    List<TopicFilter> carried() {
        return List.copyOf(carried);
    }

    /** Whether the overflow filter is due for replacement, which takes a new generation. */
    boolean isWorn() {
        return overflowBloom.isWorn();
    }

    CountedBloom overflowBloom() {
        return overflowBloom;
    }

    /**
     * Starts a new generation: as many filters as there is room for become carried again, the rest makes a new overflow
     * filter. Receivers of the old generation need not hear of it. Costs some 300 ns for each filter in the overflow.
     */
    void renew() {
        var waiting = new ArrayList<>(overflow);
        waiting.sort(LONGEST_PREFIX_FIRST.reversed());
        var carry = Math.min(waiting.size(), carriedMax - carried.size());
        for (var filter : waiting.subList(0, carry)) {
            overflow.remove(filter);
            carried.add(filter);
        }
        overflowBloom = newBloom(overflow.size());
        for (var filter : overflow) {
            overflowBloom.add(key(filter));
        }
    }

    /** With half as much room again as it needs now. */
    static CountedBloom newBloom(int filters) {
        return new CountedBloom(Math.max(1_000, filters + filters / 2L), 0.001);
    }

    /** Finds the place of a filter that is in none. */
    private void admit(TopicFilter filter) {
        if (maximal.covers(filter)) {
            covered.add(filter);
            return;
        }
        for (var narrower : maximal.coveredBy(filter)) {
            maximal.remove(narrower);
            withdraw(narrower);
            covered.add(narrower);
        }
        maximal.add(filter);
        carried.add(filter);
        pending.addWildcard(filter);
        if (carried.size() > carriedMax) {
            // It has a prefix: at most carriedMax filters have none.
            var longest = carried.removeFirst();
            pending.removeWildcard(longest);
            overflow.add(longest);
            overflowBloom.add(key(longest));
            pending.addOverflow(key(longest));
        }
    }

    private void withdraw(TopicFilter filter) {
        if (carried.remove(filter)) {
            pending.removeWildcard(filter);
        } else {
            overflow.remove(filter);
            overflowBloom.remove();
        }
    }

    private static long key(TopicFilter filter) {
        return TopicHash.ofLiteralPrefix(filter, OVERFLOW_LEVELS_MAX);
    }
}
