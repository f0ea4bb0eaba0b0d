package io.meridianmq.fabric.link;

import io.grpc.MethodDescriptor;
import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;

/**
 * Opens streams to other components. Every attempt has a connection of its own, so that it begins at once and ends with
 * its stream; when to try again is the link's decision, not the transport's.
 */
final class Dialler {

    private final TransportSecurity security;
    private final EventExecutor mesh;
    private final MethodDescriptor<ByteBuf, ByteBuf> method;
    private final int batchBytesMax;

    Dialler(
            TransportSecurity security,
            MethodDescriptor<ByteBuf, ByteBuf> method,
            EventExecutor mesh,
            int batchBytesMax) {
        this.security = security;
        this.method = method;
        this.mesh = mesh;
        this.batchBytesMax = batchBytesMax;
    }

    /**
     * Opens a stream. Returns at once; whether it succeeds is told to the owner.
     *
     * @param linkAddress {@code host:port}
     * @throws IllegalArgumentException if the address cannot be one
     */
    LinkStream dial(String linkAddress, BatchProfile profile, StreamOwner owner) {
        var channel = security.channel("dns:///" + linkAddress)
                // Callbacks only hand over to the mesh thread, so they may run on the transport's thread.
                .directExecutor()
                // A retrying channel would read what was sent again, later.
                .disableRetry()
                .maxInboundMessageSize(batchBytesMax)
                // Links connect components of one network directly, whatever proxies the environment names.
                .proxyDetector(address -> null)
                .build();
        return DialledStream.open(channel, method, profile, new StreamInbox(mesh, owner));
    }
}
