package io.meridianmq.core.claim;

import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import java.util.Optional;

/** Where the effects of claims go. Called by the thread that drives them. */
public interface ClaimOutlet {

    /** A hybrid logical timestamp greater than all before. */
    long stamp();

    /**
     * Publishes a will, answered with {@link ClaimOwner#onWillPublished} later than this call. It may be the second time,
     * with another owner in between: identity and stamp are the same then.
     */
    void publishWill(DueWill will);

    /**
     * The session of a client is over, if it is here: the client has begun anew.
     *
     * @param number of the connection that began anew: a session of this one or a later one is not meant
     * @param heir the node whose session of the client gets the messages that wait in this one first
     */
    void endSession(String clientId, ConnectionNumber number, Optional<Incarnation> heir);

    /** The will of a connection whose session is here has been published, or was given up: it need not be kept. */
    void willDone(String clientId, ConnectionNumber number);
}
