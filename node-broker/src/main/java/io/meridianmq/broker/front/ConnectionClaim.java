package io.meridianmq.broker.front;

import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.Departure;

/**
 * A connection's claim to be its client's only one in the zone. Belongs to the connection's loop; what becomes of the claim
 * is told on the claims' thread, and leads from there to the loop.
 */
final class ConnectionClaim implements ClaimedConnection {

    private final Connection connection;
    private final Host host;
    private final Admission admission;

    ConnectionClaim(Connection connection, Host host, Admission admission) {
        this.connection = connection;
        this.host = host;
        this.admission = admission;
    }

    void open() {
        host.claims()
                .open(
                        admission.clientId(),
                        admission.cleanStart(),
                        host.here().expirySeconds(admission.sessionExpirySeconds()),
                        admission.will(),
                        this);
    }

    void close(Ending ending, Departure departure) {
        host.claims()
                .close(
                        admission.clientId(),
                        this,
                        ending,
                        departure
                                .sessionExpirySeconds()
                                .orElse(host.here().expirySeconds(admission.sessionExpirySeconds())));
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
