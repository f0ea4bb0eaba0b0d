package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One QoS 1 or 2 message on its way to the client: first in the queue, then with a packet identifier in the window. */
final class Outbound {

    final Qos qos;
    final boolean retain;
    final ImmutableIntArray identifiers;
    final Optional<Subscription> group;

    /** One share is held; null once the client has it and only the QoS 2 handshake remains. */
    @Nullable
    Publication publication;

    /** 1..65535 once it has been sent; 0 in the queue. */
    int packetIdentifier;

    /** The connection over which it was sent last. */
    @Nullable
    SessionPort sentOver;

    /** Neighbours in the order of sending; null at the ends, and in the queue. */
    @Nullable
    Outbound older;

    @Nullable
    Outbound newer;

    Outbound(Publication publication, Qos qos, boolean retain, DeliveryTerms terms) {
        this.publication = publication;
        this.qos = qos;
        this.retain = retain;
        this.identifiers = terms.identifiers();
        this.group = terms.group();
    }

    /** The message, unless it {@link #isReceived}. */
    Publication publication() {
        return Objects.requireNonNull(publication);
    }

    /** Whether the next packet about it is PUBREL. */
    boolean isReceived() {
        return publication == null;
    }

    void releasePublication() {
        if (publication != null) {
            publication.release();
            publication = null;
        }
    }
}
