package io.meridianmq.core.link;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import java.util.Optional;

/**
 * What the zone knows of one client: where it is connected, or was last, and what is to happen when it is gone.
 *
 * @param front the node with the connection
 * @param home the node with the session, if that outlives the connection
 * @param token the front's name for the connection; 0 if only the home speaks of it
 * @param continued whether the connection went on with an earlier session
 * @param inherits whether the session began while an earlier one may have been out of reach, whose messages are its own
 * @param expirySeconds how long the session outlives the connection, 0..4294967295
 * @param will what is to be published if the client is lost; empty also when that is done
 * @param awayMillis time since the connection ended; {@link #CONNECTED} if it has not
 */
public record ClaimRecord(
        String clientId,
        ConnectionNumber number,
        Incarnation front,
        Optional<Incarnation> home,
        long token,
        boolean continued,
        boolean inherits,
        long expirySeconds,
        Optional<Will> will,
        long awayMillis) {

    /** The {@link #awayMillis()} of a client that has a connection. */
    public static final long CONNECTED = -1;

    /** The {@link #token()} of a record that a home made. */
    public static final long NO_TOKEN = 0;

    /** Whether the home of the session speaks; else a front with the connection. */
    public boolean isOfHome() {
        return token == NO_TOKEN;
    }

    /** Whether there is a connection; else a session waits for the client. */
    public boolean isConnected() {
        return awayMillis == CONNECTED;
    }
}
