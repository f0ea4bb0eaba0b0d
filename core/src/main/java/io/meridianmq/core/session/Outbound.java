package io.meridianmq.core.session;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One QoS 1 or 2 message on its way to the client: first in the backlog, then with a packet identifier in the window.
 * Belongs to the session's thread; a journal reads it until it has answered.
 */
public final class Outbound {

    /** The place of a message in a session that is not durable. */
    static final long NO_POSITION = 0;

    /** The locator of a message that is not kept. */
    static final long NOT_KEPT = -1;

    private static final int IDENTIFIERS = 65_535;

    final Qos qos;
    final boolean retain;
    final ImmutableIntArray identifiers;
    final Optional<Subscription> group;
    final long position;

    /** Where the journal has it. */
    long locator = NOT_KEPT;

    /** One share is held; null once the client has it and only the QoS 2 handshake remains. */
    @Nullable
    Publication publication;

    /** 1..65535 once it has been sent; 0 before. */
    int packetIdentifier;

    /** The connection over which it was sent last. */
    @Nullable
    SessionPort sentOver;

    /** Neighbours in the order of sending; null at the ends, and in the backlog. */
    @Nullable
    Outbound older;

    @Nullable
    Outbound newer;

    private Outbound(
            @Nullable Publication publication,
            Qos qos,
            boolean retain,
            ImmutableIntArray identifiers,
            Optional<Subscription> group,
            long position) {
        this.publication = publication;
        this.qos = qos;
        this.retain = retain;
        this.identifiers = identifiers;
        this.group = group;
        this.position = position;
    }

    /** One share of the publication passes to it. */
    Outbound(Publication publication, Qos qos, boolean retain, DeliveryTerms terms, long position) {
        this(publication, qos, retain, terms.identifiers(), terms.group(), position);
    }

    /** A message that was kept; the share of its publication passes to the result. */
    static Outbound of(KeptMessage kept, Optional<Subscription> group) {
        var outbound =
                new Outbound(kept.publication(), kept.qos(), kept.retain(), kept.identifiers(), group, kept.position());
        outbound.locator = kept.locator();
        return outbound;
    }

    /** A QoS 2 message that the client has received. */
    static Outbound received(long position) {
        return new Outbound(null, Qos.EXACTLY_ONCE, false, ImmutableIntArray.of(), Optional.empty(), position);
    }

    /** The message, unless it {@link #isReceived}. */
    public Publication publication() {
        return Objects.requireNonNull(publication);
    }

    /** Quality of service of the delivery, 1 or 2. */
    public Qos qos() {
        return qos;
    }

    /** Whether it is delivered with RETAIN. */
    public boolean retain() {
        return retain;
    }

    /** Identifiers of the subscriptions that it is delivered for. */
    public ImmutableIntArray identifiers() {
        return identifiers;
    }

    /** The shared subscription that it is delivered for. */
    public Optional<Subscription> group() {
        return group;
    }

    /** Its place among the messages of a durable session, from 1. */
    public long position() {
        return position;
    }

    /**
     * The packet identifier that follows from its position, so that it is the same after a restart. There is none without
     * a position.
     */
    int fixedIdentifier() {
        return (int) ((position - 1) % IDENTIFIERS) + 1; // never 0 [MQTT-2.2.1-3]
    }

    /** Whether the next packet about it is PUBREL. */
    boolean isReceived() {
        return publication == null;
    }

    /** It has to wait: its bytes are not to pin more than themselves. */
    void keepForLong() {
        var shared = publication();
        publication = shared.shareForLong();
        shared.release();
    }

    void releasePublication() {
        if (publication != null) {
            publication.release();
            publication = null;
        }
    }
}
