package io.meridianmq.broker.session;

import io.meridianmq.core.session.Session;

/** A session and what its loop keeps about it. Belongs to that loop. */
final class OwnedSession {

    private final Session session;

    /** Time of the earliest entry in {@link Deadlines}. */
    private long watchedUntilMillis = Session.NO_DEADLINE;

    OwnedSession(Session session) {
        this.session = session;
    }

    Session session() {
        return session;
    }

    long watchedUntilMillis() {
        return watchedUntilMillis;
    }

    void watchedUntilMillis(long atMillis) {
        watchedUntilMillis = atMillis;
    }
}
