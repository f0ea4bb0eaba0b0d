package io.meridianmq.broker.front;

import io.meridianmq.broker.claim.LoopClaims;
import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;

/** Leads from the claims' thread to a connection on its loop. */
final class ConnectionClaim implements ClaimedConnection {

    private final Connection connection;
    private final LoopClaims claims;

    ConnectionClaim(Connection connection, LoopClaims claims) {
        this.connection = connection;
        this.claims = claims;
    }

    @Override
    public void granted(ConnectionNumber number, boolean continues, Incarnation home) {
        claims.onLoop(() -> connection.granted(number, continues, home));
    }

    @Override
    public void refused(Refusal reason) {
        claims.onLoop(() -> connection.refused(reason));
    }

    @Override
    public void expelled(Expulsion reason, boolean sessionEnds) {
        claims.onLoop(() -> connection.expelled(reason, sessionEnds));
    }
}
