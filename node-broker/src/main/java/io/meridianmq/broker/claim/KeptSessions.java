package io.meridianmq.broker.claim;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import java.util.Optional;

/** The sessions of this node that outlive their connections, as the owners of their slots speak of them. Any thread. */
public interface KeptSessions {

    /** See {@link io.meridianmq.core.claim.ClaimOutlet#endSession}; soon. */
    void end(String clientId, ConnectionNumber number, Optional<Incarnation> heir);

    /** See {@link io.meridianmq.core.claim.ClaimOutlet#willDone}; soon. */
    void willDone(String clientId, ConnectionNumber number);
}
