package io.meridianmq.fabric.link;

import io.grpc.Status;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what happens on one stream from gRPC's threads to the stream's owner on the mesh thread.
 *
 * <p>The {@code offer} methods are called by gRPC, the others by the mesh thread.
 */
final class StreamInbox {

    private static final Logger LOG = LoggerFactory.getLogger(StreamInbox.class);

    private final EventExecutor mesh;
    private StreamOwner owner;
    private boolean closed;

    StreamInbox(EventExecutor mesh, StreamOwner owner) {
        this.mesh = mesh;
        this.owner = owner;
    }

    /** From now on the stream belongs to {@code owner}. */
    void handOver(StreamOwner owner) {
        this.owner = owner;
    }

    /** Nothing more reaches the owner. */
    void close() {
        closed = true;
    }

    void offerBatch(LinkStream stream, LinkBatch batch) {
        onMesh(() -> owner.onBatch(stream, batch));
    }

    void offerReady(LinkStream stream) {
        onMesh(() -> owner.onReady(stream));
    }

    void offerEnd(LinkStream stream, Status status) {
        onMesh(() -> owner.onEnded(stream, status));
    }

    private void onMesh(Runnable event) {
        try {
            mesh.execute(() -> {
                if (!closed) {
                    event.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the mesh thread has stopped: what still arrives on links is dropped", e);
        }
    }
}
