package io.meridianmq.fabric.link;

import io.grpc.Status;
import io.meridianmq.fabric.tls.Identity;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * One gRPC stream to a neighbour, seen from the mesh thread, which alone calls it.
 *
 * <p>What arrives goes to the stream's {@link StreamInbox}.
 */
interface LinkStream {

    /** Received batches that may wait for the mesh thread; the transport holds the peer back beyond. */
    int BATCHES_AHEAD = 2;

    /**
     * Batches that the transport takes before it reports that it is not ready: enough to keep it busy while the mesh
     * thread does other work.
     */
    int BATCHES_IN_TRANSPORT = 4;

    /** Name of the compression between regions, which every gRPC end knows. */
    String COMPRESSION = "gzip";

    StreamInbox inbox();

    /** Whom the certificate of the peer is for, once it has sent something; empty if the link is not encrypted. */
    Optional<Identity> identity();

    /** Whether the transport takes more without piling it up. {@link StreamOwner#onReady} tells when it does again. */
    boolean isReady();

    /**
     * Sends a batch: the bytes of a {@code LinkBatch}. They are read during the call while the stream {@link #isReady}, else
     * when it has been opened, and must not change before. The caller keeps its reference.
     */
    void send(ByteBuf batch);

    /** A received batch has been handled: another one may come. */
    void handled();

    /**
     * Ends the stream; nothing more reaches its owner. Further calls do nothing.
     *
     * @param status with a description of the reason; a caller is told, a called component sees the stream cancelled
     */
    void close(Status status);
}
