package io.meridianmq.cli.bench.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What lies between MQTT and TCP.
 *
 * @param encryption whom to trust, if connections are encrypted
 * @param isWebSocket whether packets travel in frames of a WebSocket, at the path {@value #PATH}
 */
public record Transport(Optional<SslContext> encryption, boolean isWebSocket) {

    /** Nothing. */
    public static final Transport PLAIN = new Transport(Optional.empty(), false);

    private static final String PATH = "/mqtt";
    private static final String SUBPROTOCOL = "mqtt"; // [MQTT-6.0.0-3]
    private static final int ANSWER_BYTES_MAX = 8_192;
    private static final int FRAME_BYTES_MAX = 64 << 20;

    /** What makes a channel the connection's. */
    ChannelHandler handler(Connection connection, InetSocketAddress broker) {
        if (encryption.isEmpty() && !isWebSocket) {
            return connection;
        }
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                encryption.ifPresent(context -> channel.pipeline()
                        .addLast(context.newHandler(
                                ByteBufAllocator.DEFAULT, broker.getHostString(), broker.getPort())));
                if (isWebSocket) {
                    channel.pipeline()
                            .addLast(
                                    new HttpClientCodec(),
                                    new HttpObjectAggregator(ANSWER_BYTES_MAX),
                                    new WebSocketClientProtocolHandler(webSocket(broker)),
                                    new WebSocketBytes());
                }
                channel.pipeline().addLast(connection);
            }
        };
    }

    private WebSocketClientProtocolConfig webSocket(InetSocketAddress broker) {
        var scheme = encryption.isPresent() ? "wss" : "ws";
        return WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri("%s://%s:%d%s".formatted(scheme, broker.getHostString(), broker.getPort(), PATH))
                .subprotocol(SUBPROTOCOL)
                .maxFramePayloadLength(FRAME_BYTES_MAX)
                .build();
    }
}
