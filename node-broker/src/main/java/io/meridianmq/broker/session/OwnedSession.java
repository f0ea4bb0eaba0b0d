package io.meridianmq.broker.session;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.session.Session;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A session and what its loop keeps about it. Belongs to that loop. */
final class OwnedSession {

    private final Session session;

    /** Whether the owner of the client's slot knows it by this node: it outlives its connections. */
    private final boolean isAtHome;

    /** Whether it has had a connection since the node started. */
    private boolean hasConnected;

    /** Whether it was told that the session has a connection. */
    private boolean isToldConnected;

    /** Time of the earliest entry in {@link Deadlines}. */
    private long watchedUntilMillis = Session.NO_DEADLINE;

    /** Connections whose wills are kept with the session. */
    private Set<ConnectionNumber> wills = Set.of();

    private Optional<InheritedLast> inherited = Optional.empty();

    OwnedSession(Session session, boolean isAtHome) {
        this.session = session;
        this.isAtHome = isAtHome;
    }

    boolean isAtHome() {
        return isAtHome;
    }

    /** The newest connection since the node started. */
    ConnectionNumber newest() {
        return hasConnected ? session.connectionNumber() : ConnectionNumber.NONE;
    }

    /** The session has another connection, and knows its number. */
    void connected() {
        hasConnected = true;
    }

    boolean isToldConnected() {
        return isToldConnected;
    }

    void toldConnected(boolean told) {
        isToldConnected = told;
    }

    Session session() {
        return session;
    }

    Set<ConnectionNumber> wills() {
        return Collections.unmodifiableSet(wills);
    }

    void addWill(ConnectionNumber number) {
        if (wills.isEmpty()) {
            wills = new HashSet<>();
        }
        wills.add(number);
    }

    /** False if its will is not kept with the session. */
    boolean removeWill(ConnectionNumber number) {
        return wills.contains(number) && wills.remove(number);
    }

    void clearWills() {
        wills = Set.of();
    }

    long watchedUntilMillis() {
        return watchedUntilMillis;
    }

    void watchedUntilMillis(long atMillis) {
        watchedUntilMillis = atMillis;
    }

    /** What it inherited last; empty if that is nothing. */
    Optional<InheritedLast> inherited() {
        return inherited;
    }

    void inherited(InheritedLast last) {
        inherited = Optional.of(last);
    }
}
