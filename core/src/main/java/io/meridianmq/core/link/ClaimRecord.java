package io.meridianmq.core.link;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import java.util.Optional;

/**
 * What the zone knows of one client: where it is connected, or was last, and what is to happen when it is gone.
 *
 * @param front the node with the connection and the session
 * @param token the front's name for the connection
 * @param continued whether the connection went on with an earlier session
 * @param expirySeconds how long the session outlives the connection, 0..4294967295
 * @param will what is to be published if the client is lost; empty also when that is done
 * @param awayMillis time since the connection ended; {@link #CONNECTED} if it has not
 */
public record ClaimRecord(
        String clientId,
        ConnectionNumber number,
        Incarnation front,
        long token,
        boolean continued,
        long expirySeconds,
        Optional<Will> will,
        long awayMillis) {

    /** The {@link #awayMillis()} of a client that has a connection. */
    public static final long CONNECTED = -1;

    /** Whether there is a connection; else a session waits for the client. */
    public boolean isConnected() {
        return awayMillis == CONNECTED;
    }
}
