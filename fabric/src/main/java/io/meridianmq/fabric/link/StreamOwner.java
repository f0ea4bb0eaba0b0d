package io.meridianmq.fabric.link;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;

/** Whoever a stream belongs to: a link, or the reception of a caller who has not said who it is. Mesh thread. */
interface StreamOwner {

    /**
     * A batch arrived: the bytes of a {@code LinkBatch}. The owner calls {@link LinkStream#handled()} when it has done its
     * work; the batch is released after the call.
     */
    void onBatch(LinkStream stream, ByteBuf batch);

    /** The transport takes more again. */
    void onReady(LinkStream stream);

    /** The peer or the network ended the stream. The owner closes it in turn. */
    void onEnded(LinkStream stream, Status status);
}
