package io.meridianmq.broker.session;

import io.meridianmq.core.session.Session;
import java.util.PriorityQueue;

/**
 * When sessions without a connection want to be looked at. An entry may be out of date, since a session that comes back
 * does not search for its own; it is then dropped or entered anew when its time comes. A session that goes again before
 * that adds no entry, unless an earlier one, so their number stays near that of the sessions.
 *
 * <p>Belongs to one loop.
 */
final class Deadlines {

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();

    private record Entry(long atMillis, OwnedSession session) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return Long.compare(atMillis, other.atMillis);
        }
    }

    void watch(OwnedSession session) {
        var deadline = session.session().deadlineMillis();
        if (deadline < session.watchedUntilMillis()) {
            session.watchedUntilMillis(deadline);
            entries.add(new Entry(deadline, session));
        }
    }

    /**
     * Looks at those whose time has come; at most so many at once, since what a session leaves behind takes time, too.
     */
    void tick(long nowMillis, int most) {
        for (var i = 0; i < most; i++) {
            var first = entries.peek();
            if (first == null || first.atMillis() > nowMillis) {
                return;
            }
            entries.remove();
            var due = first.session();
            if (due.watchedUntilMillis() == first.atMillis()) {
                due.watchedUntilMillis(Session.NO_DEADLINE);
            }
            due.session().tick(nowMillis);
            if (!due.session().isEnded()) {
                watch(due);
            }
        }
    }
}
