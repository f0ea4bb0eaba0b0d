package io.meridianmq.fabric.link;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
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

    /** Hands over a batch together with its reference. */
    void offerBatch(LinkStream stream, ByteBuf batch) {
        onMesh(() -> owner.onBatch(stream, batch), batch::release);
    }

    void offerReady(LinkStream stream) {
        onMesh(() -> owner.onReady(stream), () -> {});
    }

    void offerEnd(LinkStream stream, Status status) {
        onMesh(() -> owner.onEnded(stream, status), () -> {});
    }

    /**
     * @param end runs once, after the event or instead of it
     */
    private void onMesh(Runnable event, Runnable end) {
        try {
            mesh.execute(() -> {
                try {
                    if (!closed) {
                        event.run();
                    }
                } finally {
                    end.run();
                }
            });
        } catch (RejectedExecutionException e) {
            end.run();
            LOG.debug("the mesh thread has stopped: what still arrives on links is dropped", e);
        }
    }
}
