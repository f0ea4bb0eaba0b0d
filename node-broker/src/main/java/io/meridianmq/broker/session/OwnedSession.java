package io.meridianmq.broker.session;

import io.meridianmq.core.link.ConnectionNumber;
import io.meridianmq.core.session.Session;
import java.util.HashSet;
import java.util.Set;

/** A session and what its loop keeps about it. Belongs to that loop. */
final class OwnedSession {

    private final Session session;

    /** Time of the earliest entry in {@link Deadlines}. */
    private long watchedUntilMillis = Session.NO_DEADLINE;

    /** Connections whose wills are kept with the session. */
    private final Set<ConnectionNumber> wills = new HashSet<>(0);

    OwnedSession(Session session) {
        this.session = session;
    }

    Session session() {
        return session;
    }

    Set<ConnectionNumber> wills() {
        return wills;
    }

    long watchedUntilMillis() {
        return watchedUntilMillis;
    }

    void watchedUntilMillis(long atMillis) {
        watchedUntilMillis = atMillis;
    }
}
