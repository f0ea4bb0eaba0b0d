package io.meridianmq.core.interest;

import io.meridianmq.core.place.Reach;
import io.meridianmq.topic.TopicFilter;
import java.util.Optional;

/** Tells a table's listener, if there is one, of what reaches far enough. Writer only. */
final class Announcer {

    private final Optional<EntryListener> listener;
    private final Reach from;

    /** @param from the least reach that is told of */
    Announcer(Optional<EntryListener> listener, Reach from) {
        this.listener = listener;
        this.from = from;
    }

    /** Whether filters of this reach are told of. */
    boolean announces(Reach reach) {
        return listener.isPresent() && reach.covers(from);
    }

    void literal(long hash, Reach before, Reach after) {
        if (announced(before) != announced(after)) {
            listener.orElseThrow().literal(hash, announced(before), announced(after));
        }
    }

    void wildcard(TopicFilter filter, Reach before, Reach after) {
        if (announced(before) != announced(after)) {
            listener.orElseThrow().wildcard(filter, announced(before), announced(after));
        }
    }

    void group(String group, TopicFilter filter, GroupPresence before, GroupPresence after) {
        if (before != after) {
            listener.ifPresent(told -> told.group(group, filter, before, after));
        }
    }

    /** What the listener calls it: NODE for what it is not told of. */
    private Reach announced(Reach reach) {
        return announces(reach) ? reach : Reach.NODE;
    }
}
