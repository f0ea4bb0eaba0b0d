package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;

/**
 * A session's way to its client: one connection, which may be on the session's own thread or on another one.
 *
 * <p>Everything is called on the session's thread and reaches the client in the order of the calls. Calls do not fail; a
 * connection that breaks reports {@link Session#onGone} later. Nothing is called any more after {@link #close}, or after
 * the session was told that the connection is gone.
 */
public interface SessionPort {

    /**
     * The session is open: the first call on every port. It becomes CONNACK.
     *
     * @param sessionPresent whether earlier state is continued
     * @param sessionExpirySeconds the interval in force, which may be shorter than what the client asked for
     */
    void opened(boolean sessionPresent, long sessionExpirySeconds);

    /**
     * Whether the connection takes more messages now. After {@code false}, {@link Session#onRoom} tells when it does
     * again.
     */
    boolean hasRoom();

    /**
     * Sends a PUBLISH. The publication is borrowed for the call; a port that needs it longer shares it.
     *
     * @param qos the delivery's, at most the publication's own
     * @param packetIdentifier 1..65535; 0 at QoS 0
     * @return {@code false} if the packet is larger than the client accepts and was not sent. A port that finds this out
     *     later returns {@code true} and calls {@link Session#onTooLarge}
     */
    boolean deliver(
            Publication publication,
            Qos qos,
            int packetIdentifier,
            boolean duplicate,
            boolean retain,
            ImmutableIntArray subscriptionIdentifiers);

    void sendPubAck(int packetIdentifier, int reasonCode);

    void sendPubRec(int packetIdentifier, int reasonCode);

    void sendPubRel(int packetIdentifier, int reasonCode);

    void sendPubComp(int packetIdentifier, int reasonCode);

    /** Ends the connection, with a DISCONNECT where the protocol version has one. */
    void close(CloseReason reason);
}
