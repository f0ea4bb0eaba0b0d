package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;

/**
 * Keeps an {@link OwnInterest} equal to what the holders of an {@link InterestTable} announce together: what a zone wants
 * of its region. On the table writer's thread, which also owns the interest.
 */
public final class InterestUnion implements EntryListener {

    private final OwnInterest union;

    /** @param union empty, and changed by nobody else */
    public InterestUnion(OwnInterest union) {
        this.union = union;
    }

    @Override
    public void literal(long hash, Reach before, Reach after) {
        if (after != Reach.NODE) {
            union.addLiteral(hash, after);
        }
        if (before != Reach.NODE) {
            union.removeLiteral(hash, before);
        }
    }

    @Override
    public void wildcard(TopicFilter filter, Reach before, Reach after) {
        if (after != Reach.NODE) {
            union.add(filter, after);
        }
        if (before != Reach.NODE) {
            union.remove(filter, before);
        }
    }

    @Override
    public void group(String group, TopicFilter filter, GroupPresence before, GroupPresence after) {
        var shared = TopicFilter.of("$share/" + group + "/" + filter.filter());
        if (after != GroupPresence.ABSENT) {
            union.join(shared, after == GroupPresence.ONLINE);
        }
        if (before != GroupPresence.ABSENT) {
            union.leave(shared, before == GroupPresence.ONLINE);
        }
    }
}
