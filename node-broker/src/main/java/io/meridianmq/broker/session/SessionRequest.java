package io.meridianmq.broker.session;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.Opening;
import java.util.Optional;

/**
 * A session that is to be opened for a connection that has been granted.
 *
 * @param continues whether a session that is here may go on
 * @param number of the connection
 * @param will what is published if the client is lost
 * @param front the node with the connection
 */
public record SessionRequest(
        String clientId,
        Opening opening,
        boolean continues,
        ConnectionNumber number,
        Optional<Will> will,
        Incarnation front) {}
