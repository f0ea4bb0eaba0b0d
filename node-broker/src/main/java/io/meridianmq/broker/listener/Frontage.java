package io.meridianmq.broker.listener;

import io.meridianmq.broker.front.Connection;
import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.front.Host;
import io.meridianmq.broker.limit.Places;
import io.meridianmq.broker.limit.Visit;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What stands in front of the connections of one listener: PROXY protocol, TLS and WebSocket, in this order. Each ends a
 * connection that is not as it should be; how long all of them may take together is the connection's time limit for
 * CONNECT. Any thread.
 *
 * @param places how many connections the listener takes
 */
record Frontage(ListenerConfig config, Places places, Optional<Encryption> encryption, ListenerMetrics metrics) {

    /** Bytes of what a PROXY protocol header of version 2 may have besides addresses. */
    private static final int PROXY_EXTRAS_MAX = 2_048;

    /** Sets up the pipeline of a new connection, or closes it. */
    void addTo(Channel channel, Visit visit, Host host, ConnectionSettings settings) {
        if (!config.proxyProtocol() && channel.remoteAddress() instanceof InetSocketAddress remote) {
            arrive(channel, visit, remote.getAddress());
        }
        if (visit.isOver()) {
            var _ = channel.close();
            return;
        }
        noteRefusal(channel, visit);
        var pipeline = channel.pipeline();
        if (config.proxyProtocol()) {
            pipeline.addLast(new HAProxyMessageDecoder(PROXY_EXTRAS_MAX), new ProxyProtocol(visit));
        }
        encryption.ifPresent(tls -> {
            var handler = tls.newHandler(channel.alloc());
            pipeline.addLast(handler, new Handshake(handler, metrics));
        });
        config.webSocketPath()
                .ifPresent(path ->
                        WebSocketUpgrade.addTo(pipeline, path, settings.maximumPacketSize(), host.partial(), metrics));
        Connection.addTo(channel, host, settings);
    }

    /** The client's address is known: it may have too many connections. */
    static void arrive(Channel channel, Visit visit, InetAddress address) {
        visit.comesFrom(address);
        noteRefusal(channel, visit);
    }

    private static void noteRefusal(Channel channel, Visit visit) {
        visit.refusal().ifPresent(reason -> channel.attr(Connection.REFUSAL).set(reason.code()));
    }
}
