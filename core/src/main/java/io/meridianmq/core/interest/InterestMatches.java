package io.meridianmq.core.interest;

import io.meridianmq.topic.TopicFilter;

/**
 * Takes what an {@link InterestReader} finds, on the thread that looks up.
 *
 * <p>A holder comes once or more often for each of its filters that match; whoever acts on it removes duplicates, by
 * {@link Holder#number}. A filter known by its key only may match by collision; that widens and never narrows.
 */
public interface InterestMatches {

    /** The holder wants the topic itself. */
    void literal(Holder holder);

    /**
     * The holder wants {@code prefix/#} or {@code prefix/+}, where the prefix is the first levels of the topic.
     *
     * @param shape PREFIX_HASH or PREFIX_PLUS
     * @param levels how many levels the prefix has, from 0
     */
    void prefix(Holder holder, TopicFilter.Shape shape, int levels);

    /** The holder wants this filter, which matches. */
    void wildcard(Holder holder, TopicFilter filter);

    /**
     * The holder has members of this shared subscription, which matches.
     *
     * @param filter without {@code $share/group/}
     * @param online whether any of them has a connection
     */
    void group(String group, TopicFilter filter, Holder holder, boolean online);
}
