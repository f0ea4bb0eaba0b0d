package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;

/**
 * Told what all holders of an {@link InterestTable} together want and advertise, as it changes.
 *
 * <p>A filter's reach is the farthest of its holders'; {@link Reach#NODE} stands for not advertised at all, so the first
 * holder is a change from NODE and the last one a change to NODE. Called by the table's writer, after readers find the
 * change; it must not change the table.
 */
public interface EntryListener {

    /** A literal filter, by its key; the two reaches differ. */
    void literal(long hash, Reach before, Reach after);

    /** A filter with wildcards; the two reaches differ. */
    void wildcard(TopicFilter filter, Reach before, Reach after);

    /**
     * A shared subscription; the two presences differ.
     *
     * @param filter without {@code $share/group/}
     */
    void group(String group, TopicFilter filter, GroupPresence before, GroupPresence after);

    /** One that tells this listener first and then another. */
    default EntryListener and(EntryListener next) {
        var first = this;
        return new EntryListener() {
            @Override
            public void literal(long hash, Reach before, Reach after) {
                first.literal(hash, before, after);
                next.literal(hash, before, after);
            }

            @Override
            public void wildcard(TopicFilter filter, Reach before, Reach after) {
                first.wildcard(filter, before, after);
                next.wildcard(filter, before, after);
            }

            @Override
            public void group(String group, TopicFilter filter, GroupPresence before, GroupPresence after) {
                first.group(group, filter, before, after);
                next.group(group, filter, before, after);
            }
        };
    }
}
