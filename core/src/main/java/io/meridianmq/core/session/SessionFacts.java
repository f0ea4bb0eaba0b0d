package io.meridianmq.core.session;

import io.meridianmq.core.place.ConnectionNumber;

/**
 * What is kept of a durable session beside its subscriptions and messages.
 *
 * @param connection number of its last connection
 * @param sessionExpirySeconds how long it lives without a connection, 0..4294967295
 * @param goneAtMillis since when it has no connection, wall clock; {@link #CONNECTED} while it has one
 */
public record SessionFacts(String clientId, ConnectionNumber connection, long sessionExpirySeconds, long goneAtMillis) {

    /** The {@link #goneAtMillis()} of a session that has a connection. */
    public static final long CONNECTED = -1;
}
