package io.meridianmq.fabric.link;

import io.grpc.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** Accepts the links that neighbours open. */
public final class LinkServer implements AutoCloseable {

    private static final int CLOSE_SECONDS_MAX = 5;

    private final Server server;

    private LinkServer(Server server) {
        this.server = server;
    }

    /**
     * Binds and starts to accept.
     *
     * @param bind address; port 0 for any free one
     * @throws IOException if the address cannot be bound
     */
    public static LinkServer start(InetSocketAddress bind, Links links) throws IOException {
        var server = links.security()
                .server(bind)
                // Callbacks only hand over to the mesh thread, so they may run on the transport's thread.
                .directExecutor()
                .maxInboundMessageSize(links.batchBytesMax())
                .maxConcurrentCallsPerConnection(1)
                // Heartbeats find a dead neighbour; these find its connection, which may outlive the stream.
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .maxConnectionIdle(30, TimeUnit.SECONDS)
                .addService(links.service())
                .build();
        return new LinkServer(server.start());
    }

    /** The port it is bound to. */
    public int port() {
        return server.getPort();
    }

    /** Stops accepting and drops the connections; close the {@link Links} first. */
    @Override
    public void close() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "the link server's connections did not close within " + CLOSE_SECONDS_MAX + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
