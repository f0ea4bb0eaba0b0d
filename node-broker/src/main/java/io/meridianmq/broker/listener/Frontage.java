package io.meridianmq.broker.listener;

import io.meridianmq.broker.front.Connection;
import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.front.Host;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.util.Optional;

/**
 * What stands in front of the connections of one listener: PROXY protocol, TLS and WebSocket, in this order. Each ends a
 * connection that is not as it should be; how long all of them may take together is the connection's time limit for
 * CONNECT. Any thread.
 */
record Frontage(ListenerConfig config, Optional<Encryption> encryption, ListenerMetrics metrics) {

    /** Sets up the pipeline of a new connection. */
    void addTo(Channel channel, Host host, ConnectionSettings settings) {
        var pipeline = channel.pipeline();
        if (config.proxyProtocol()) {
            pipeline.addLast(new HAProxyMessageDecoder(), new ProxyProtocol());
        }
        encryption.ifPresent(tls -> {
            var handler = tls.newHandler(channel.alloc());
            pipeline.addLast(handler, new Handshake(handler, metrics));
        });
        config.webSocketPath()
                .ifPresent(path -> WebSocketUpgrade.addTo(pipeline, path, settings.maximumPacketSize(), metrics));
        Connection.addTo(channel, host, settings);
    }
}
