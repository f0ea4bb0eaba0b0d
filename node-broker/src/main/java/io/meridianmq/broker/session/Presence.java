package io.meridianmq.broker.session;

import io.meridianmq.broker.claim.LoopClaims;

/**
 * Whether sessions have connections: tells the owner of the client's slot, where it knows the session by this node, and looks
 * at those without one when their time has come.
 *
 * <p>Belongs to the sessions' loop.
 */
final class Presence {

    /** Sessions whose time has passed that end in one tick; the others end in the next. */
    private static final int ENDED_AT_ONCE = 500;

    private final LoopClaims claims;
    private final Deadlines deadlines = new Deadlines();

    Presence(LoopClaims claims) {
        this.claims = claims;
    }

    void tick(long nowMillis) {
        deadlines.tick(nowMillis, ENDED_AT_ONCE);
    }

    /** The session is from before a restart; who owns its client's slot has not been told of a connection. */
    void restored(OwnedSession owned) {
        deadlines.watch(owned);
    }

    void connected(OwnedSession owned, SessionRequest request) {
        if (owned.isAtHome()) {
            owned.toldConnected(true);
            claims.sessionConnected(
                    request.clientId(),
                    request.number(),
                    request.front(),
                    owned.session().sessionExpirySeconds(),
                    request.will());
        }
    }

    /**
     * The session has no connection, perhaps for long.
     *
     * @param keepsWill whether the connection leaves its will, if it has ended just now
     */
    void left(OwnedSession owned, boolean keepsWill) {
        deadlines.watch(owned);
        if (owned.isToldConnected()) {
            owned.toldConnected(false);
            var session = owned.session();
            claims.sessionLeft(
                    session.clientId(), session.connectionNumber(), session.sessionExpirySeconds(), keepsWill);
        }
    }

    void ended(OwnedSession owned) {
        if (owned.isAtHome()) {
            claims.sessionEnded(owned.session().clientId(), owned.session().connectionNumber());
        }
    }
}
