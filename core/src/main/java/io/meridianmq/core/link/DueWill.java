package io.meridianmq.core.link;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import java.util.Optional;

/**
 * A will whose time has come. It stays known until it has been published, by whoever owns the slot then; two that publish
 * it publish the same: its identity follows from client and connection, and its stamp is given once.
 *
 * @param number the connection that it is the will of
 * @param token the front's name for that connection
 * @param stamp hybrid logical timestamp, lower than that of all that the client's next connection publishes
 * @param awaited the front whose answer decides whether the client had said goodbye; empty if that is known
 */
public record DueWill(
        String clientId, ConnectionNumber number, long token, long stamp, Will will, Optional<Incarnation> awaited) {

    /** The same will, once its front has answered. */
    public DueWill decided() {
        return new DueWill(clientId, number, token, stamp, will, Optional.empty());
    }
}
