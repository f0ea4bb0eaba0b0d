package io.meridianmq.digest;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.topic.TopicFilter;
import java.util.List;

/**
 * The changes from one version of a digest to a later one. Applying it twice does no harm, and it applies to whatever
 * generation the receiver has or is about to have.
 *
 * @param generation the sender's generation when it was made
 * @param fromVersion the version it continues; the receiver must have come that far
 * @param toVersion the version it leads to
 * @param addedLiterals keys for the literal filter
 * @param addedOverflow keys of literal prefixes for the overflow filter
 * @param addedWildcards filters to carry exactly
 * @param removedWildcards filters no longer carried, since nobody wants them, or others or the overflow cover them
 * @param changedGroups shared subscriptions that are new or whose members came online or went away
 * @param removedGroups shared filters that have no members any more
 */
public record DigestDelta(
        long generation,
        long fromVersion,
        long toVersion,
        ImmutableLongArray addedLiterals,
        ImmutableLongArray addedOverflow,
        List<TopicFilter> addedWildcards,
        List<TopicFilter> removedWildcards,
        List<DigestGroup> changedGroups,
        List<TopicFilter> removedGroups)
        implements DigestUpdate {

    public DigestDelta {
        addedWildcards = List.copyOf(addedWildcards);
        removedWildcards = List.copyOf(removedWildcards);
        changedGroups = List.copyOf(changedGroups);
        removedGroups = List.copyOf(removedGroups);
    }

    /** How many changes it carries. */
    public int size() {
        return addedLiterals.length()
                + addedOverflow.length()
                + addedWildcards.size()
                + removedWildcards.size()
                + changedGroups.size()
                + removedGroups.size();
    }
}
