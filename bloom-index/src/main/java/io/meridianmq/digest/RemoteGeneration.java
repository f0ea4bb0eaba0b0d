package io.meridianmq.digest;

import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHashes;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One generation of a remote digest. One writer; the questions are for any thread. */
final class RemoteGeneration {

    private final long number;
    private final BloomBits literals;
    private final BloomBits overflow;
    private final DigestLimits limits;
    /** Most digests have no overflow, and need not probe every prefix of a topic. */
    private volatile boolean hasOverflow;

    private final SubscriptionTrie<TopicFilter> wildcards = new SubscriptionTrie<>();
    private final SubscriptionTrie<DigestGroup> groups = new SubscriptionTrie<>();
    private final Set<TopicFilter> carried = new HashSet<>(); // The writer's; what the trie has.
    private final Map<TopicFilter, DigestGroup> groupsByFilter = new HashMap<>(); // Likewise.

    RemoteGeneration(long number, BloomBits literals, BloomBits overflow, DigestLimits limits) {
        this.number = number;
        this.literals = literals;
        this.overflow = overflow;
        this.limits = limits;
        this.hasOverflow = Arrays.stream(overflow.words()).anyMatch(word -> word != 0);
    }

    long number() {
        return number;
    }

    boolean mightContain(long key) {
        return literals.mightContain(key);
    }

    boolean mightMatch(TopicHashes topic) {
        return literals.mightContain(topic.literalHash()) || wildcards.matchesAny(topic) || mightOverflow(topic);
    }

    private boolean mightOverflow(TopicHashes topic) {
        if (!hasOverflow) {
            return false;
        }
        var deepest = deepestPrefix(topic);
        for (var depth = 1; depth <= deepest; depth++) {
            if (overflow.mightContain(topic.prefixHash(depth))) {
                return true;
            }
        }
        return false;
    }

    private static int deepestPrefix(TopicHashes topic) {
        return Math.min(topic.levels(), WildcardSummary.OVERFLOW_LEVELS_MAX);
    }

    SubscriptionTrie<DigestGroup> groups() {
        return groups;
    }

    void explain(TopicHashes topic, List<DigestMatch> reasons) {
        if (literals.mightContain(topic.literalHash())) {
            reasons.add(new DigestMatch.Literal(topic.literalHash()));
        }
        wildcards.match(topic, filter -> reasons.add(new DigestMatch.Wildcard(filter)));
        var end = -1;
        for (var depth = 1; hasOverflow && depth <= deepestPrefix(topic); depth++) {
            var separator = topic.topic().indexOf('/', end + 1);
            end = separator < 0 ? topic.topic().length() : separator;
            if (overflow.mightContain(topic.prefixHash(depth))) {
                reasons.add(new DigestMatch.Overflow(topic.topic().substring(0, end)));
            }
        }
    }

    /**
     * Writer: makes the changes of a delta, additions first.
     *
     * @throws DigestException if it would be larger than allowed; then nothing has changed
     */
    void apply(DigestDelta delta) throws DigestException {
        checkRoom(delta);
        delta.addedLiterals().forEach(literals::put);
        delta.addedOverflow().forEach(overflow::put);
        if (!delta.addedOverflow().isEmpty()) {
            hasOverflow = true;
        }
        delta.addedWildcards().forEach(this::addWildcard);
        delta.changedGroups().forEach(this::putGroup);
        delta.removedWildcards().forEach(this::removeWildcard);
        delta.removedGroups().forEach(this::removeGroup);
    }

    private void checkRoom(DigestDelta delta) throws DigestException {
        var filters = carried.size()
                + delta.addedWildcards().stream()
                        .filter(filter -> !carried.contains(filter))
                        .count()
                - delta.removedWildcards().stream().filter(carried::contains).count();
        if (filters > limits.wildcardsMax()) {
            throw new DigestException("a digest delta leads to " + filters + " filters with wildcards, this side takes "
                    + limits.wildcardsMax() + ": make both sides agree on wildcardsMax");
        }
        var shared = groupsByFilter.size()
                + delta.changedGroups().stream()
                        .filter(group -> !groupsByFilter.containsKey(group.filter()))
                        .count()
                - delta.removedGroups().stream()
                        .filter(groupsByFilter::containsKey)
                        .count();
        if (shared > limits.groupsMax()) {
            throw new DigestException("a digest delta leads to " + shared + " shared subscriptions, this side takes "
                    + limits.groupsMax() + ": make both sides agree on groupsMax");
        }
    }

    void addWildcard(TopicFilter filter) {
        if (carried.add(filter)) {
            wildcards.add(filter, filter);
        }
    }

    private void removeWildcard(TopicFilter filter) {
        if (carried.remove(filter)) {
            wildcards.remove(filter, filter);
        }
    }

    /** The new state is added before the old one goes, so that a reader may see both and never none. */
    void putGroup(DigestGroup group) {
        var plain = TopicFilter.of(group.filter().filter());
        var before = groupsByFilter.put(group.filter(), group);
        groups.add(plain, group);
        if (before != null && !before.equals(group)) {
            groups.remove(plain, before);
        }
    }

    private void removeGroup(TopicFilter filter) {
        var before = groupsByFilter.remove(filter);
        if (before != null) {
            groups.remove(TopicFilter.of(filter.filter()), before);
        }
    }

    /** Writer: this generation as a snapshot, with a copy of its bits. */
    DigestSnapshot snapshot(long version) {
        return new DigestSnapshot(
                number,
                version,
                literals.copy(),
                overflow.copy(),
                List.copyOf(carried),
                List.copyOf(groupsByFilter.values()));
    }
}
