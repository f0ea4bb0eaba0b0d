package io.meridianmq.fabric.link;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.netty.buffer.ByteBuf;

/**
 * Turns a publication's message into the bytes that links carry, and back.
 *
 * <p>The canonical form is a whole MQTT 5 PUBLISH packet with QoS 0, without topic alias, subscription identifiers and
 * message expiry interval. A broker implements this over its network buffers;
 * gateways, which do not look inside, use {@link OpaqueBytes#CODEC}.
 *
 * <p>Called by the mesh thread; {@link #batch} by any.
 */
public interface PublicationCodec {

    /** Size in bytes of a publication's canonical form. */
    int canonicalSize(Publication publication);

    /** Writes a publication's canonical form, {@link #canonicalSize} bytes. */
    void writeCanonical(Publication publication, ByteBuf out);

    /**
     * Memory for a batch that arrives: {@link #fromCanonical} gets parts of it. The link has its only reference.
     *
     * @param sizeBytes expected size; the buffer grows as needed
     */
    ByteBuf batch(int sizeBytes);

    /**
     * The bytes of a publication that arrived, with one share for the caller.
     *
     * <p>They may be a view of {@code canonical}, which is part of the received batch and keeps all of it in memory as
     * long as it has a reference: whoever lets a publication wait copies it first.
     *
     * @param canonical no reference for this method; its indexes may be moved
     * @throws IllegalArgumentException if the bytes are not canonical; the message says what is wrong
     */
    PublicationBytes fromCanonical(ByteBuf canonical);
}
