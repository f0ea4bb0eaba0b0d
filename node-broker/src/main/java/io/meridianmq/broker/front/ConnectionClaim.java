package io.meridianmq.broker.front;

import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.Departure;
import java.util.Optional;

/**
 * A connection's claim to be its client's only one in the zone. Belongs to the connection's loop; what becomes of the claim
 * is told on the claims' thread, and leads from there to the loop.
 */
final class ConnectionClaim implements ClaimedConnection {

    private final Connection connection;
    private final Host host;

    ConnectionClaim(Connection connection, Host host) {
        this.connection = connection;
        this.host = host;
    }

    void open(boolean cleanStart, Optional<Will> will) {
        host.claims().open(connection.clientId(), cleanStart, expirySeconds(), will, this);
    }

    void close(Ending ending, Departure departure) {
        host.claims()
                .close(
                        connection.clientId(),
                        this,
                        ending,
                        departure.sessionExpirySeconds().orElse(expirySeconds()));
    }

    private long expirySeconds() {
        return host.here().expirySeconds(connection.sessionExpirySeconds());
    }

    @Override
    public void granted(ConnectionNumber number, boolean continues, Incarnation home) {
        host.claims().onLoop(() -> connection.granted(number, continues, home));
    }

    @Override
    public void refused(Refusal reason) {
        host.claims().onLoop(() -> connection.refused(reason));
    }

    @Override
    public void expelled(Expulsion reason, boolean sessionEnds) {
        host.claims().onLoop(() -> connection.expelled(reason, sessionEnds));
    }
}
