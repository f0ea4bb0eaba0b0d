package io.meridianmq.cli.bench.wire;

/** Whoever a {@link Connection} works for. Everything on its event loop. */
public interface ConnectionListener {

    /**
     * The broker has accepted the client.
     *
     * @param receiveMaximum QoS 1 and 2 publishes that it takes unacknowledged
     */
    void onConnected(int receiveMaximum);

    /** The answer to a SUBSCRIBE. */
    void onSubscribed();

    /** The answer to an UNSUBSCRIBE. */
    void onUnsubscribed();

    /**
     * A message; it has been acknowledged.
     *
     * @param isRetained whether it has the RETAIN flag
     * @param origin of the {@link Stamp}, or {@link Stamp#NO_ORIGIN}
     * @param dueNanos of the stamp
     */
    void onMessage(boolean isRetained, long origin, long dueNanos);

    /** A QoS 1 or 2 publish has had its last acknowledgement. */
    void onAcknowledged();

    /** The connection could not be made, was refused, or ended without being asked to. The last call. */
    void onBroken(String reason);
}
