package io.meridianmq.core.link;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.place.Reach;
import java.util.List;

/**
 * A set of topic filters as links carry it: literals as hashes, everything else as text.
 *
 * <p>Every entry has a reach: how far beyond its holder it is advertised. A filter's reach is computed where its text is
 * known, at the subscriber's node, since hashes do not tell which place a literal topic addresses.
 *
 * @param literals literal filters, as {@code TopicHash} values, grouped by reach
 * @param wildcards filters with wildcards
 * @param groups shared subscriptions, always advertised everywhere
 */
public record InterestEntries(List<Literals> literals, List<Wildcard> wildcards, List<Group> groups) {

    public static final InterestEntries NONE = new InterestEntries(List.of(), List.of(), List.of());

    /** Literal filters of one reach. */
    public record Literals(Reach reach, ImmutableLongArray hashes) {}

    /** One filter with wildcards. */
    public record Wildcard(Reach reach, String filter) {}

    /**
     * One shared subscription.
     *
     * @param online whether the holder has a member with a connection
     */
    public record Group(String group, String filter, boolean online) {}

    public InterestEntries {
        literals = List.copyOf(literals);
        wildcards = List.copyOf(wildcards);
        groups = List.copyOf(groups);
    }

    /** Number of entries of all kinds. */
    public int size() {
        return literals.stream().mapToInt(l -> l.hashes().length()).sum() + wildcards.size() + groups.size();
    }
}
