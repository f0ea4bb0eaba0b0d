package io.meridianmq.fabric.link;

import com.google.protobuf.ByteString;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;

/**
 * Turns a publication's message into the bytes that links carry, and back.
 *
 * <p>The canonical form is a whole MQTT 5 PUBLISH packet with QoS 0, without topic alias, subscription identifiers and
 * message expiry interval. A broker implements this over its network buffers;
 * gateways, which do not look inside, use {@link OpaqueBytes#CODEC}.
 *
 * <p>Called by the mesh thread.
 */
public interface PublicationCodec {

    /**
     * The canonical bytes of a publication. They may be a view of the publication's own buffers: the link holds a share
     * of the publication until it has sent them.
     */
    ByteString toCanonical(Publication publication);

    /**
     * The bytes of a publication that arrived, with one share for the caller.
     *
     * <p>They may be a view of {@code canonical}, which is part of the received batch and keeps all of it in memory:
     * whoever lets a publication wait copies it first.
     *
     * @throws IllegalArgumentException if the bytes are not canonical; the message says what is wrong
     */
    PublicationBytes fromCanonical(ByteString canonical);
}
