package io.meridianmq.cli.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections through each transport, to a server that accepts every CONNECT. */
@Timeout(60)
class TransportTest {

    private static final byte[] CONNACK = {0x20, 2, 0, 0};

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void clientConnectsThroughIt(boolean isEncrypted, boolean isWebSocket) throws Exception {
        var certificate = new CertificateBuilder()
                .subject("CN=broker")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        var listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new Server(isEncrypted ? Optional.of(certificate) : Optional.empty(), isWebSocket))
                .bind("localhost", 0)
                .syncUninterruptibly()
                .channel();
        var encryption = isEncrypted
                ? Optional.of(SslContextBuilder.forClient()
                        .trustManager(certificate.getCertificate())
                        .build())
                : Optional.<SslContext>empty();
        try (var loop = new Loop(0, new Transport(encryption, isWebSocket))) {
            var client = new Client();
            var connection = new Connection(loop, new Login(ProtocolVersion.V3_1_1, "client", 0, false), client);
            var port = ((InetSocketAddress) listener.localAddress()).getPort();
            loop.open(connection, new InetSocketAddress("localhost", port), Optional.empty());

            assertThat(client.connected.get(30, TimeUnit.SECONDS)).isEqualTo(65_535);
        } finally {
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static final class Server extends ChannelInitializer<Channel> {
        private final Optional<X509Bundle> certificate;
        private final boolean isWebSocket;

        Server(Optional<X509Bundle> certificate, boolean isWebSocket) {
            this.certificate = certificate;
            this.isWebSocket = isWebSocket;
        }

        @Override
        protected void initChannel(Channel channel) throws Exception {
            if (certificate.isPresent()) {
                var context = SslContextBuilder.forServer(
                                certificate.get().getKeyPair().getPrivate(),
                                certificate.get().getCertificate())
                        .build();
                channel.pipeline().addLast(context.newHandler(channel.alloc()));
            }
            if (isWebSocket) {
                channel.pipeline()
                        .addLast(
                                new HttpServerCodec(),
                                new HttpObjectAggregator(8_192),
                                new WebSocketServerProtocolHandler("/mqtt", "mqtt"),
                                new FrameAcceptor());
            } else {
                channel.pipeline().addLast(new Acceptor());
            }
        }
    }

    private static final class Acceptor extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            var _ = context.writeAndFlush(Unpooled.wrappedBuffer(CONNACK));
        }
    }

    private static final class FrameAcceptor extends SimpleChannelInboundHandler<BinaryWebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, BinaryWebSocketFrame frame) {
            var _ = context.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(CONNACK)));
        }
    }

    private static final class Client implements ConnectionListener {
        private final CompletableFuture<Integer> connected = new CompletableFuture<>();
        private final List<String> others = new ArrayList<>();

        @Override
        public void onConnected(int receiveMaximum) {
            connected.complete(receiveMaximum);
        }

        @Override
        public void onBroken(String reason) {
            connected.completeExceptionally(new AssertionError(reason));
        }

        @Override
        public void onSubscribed() {
            others.add("SUBACK");
        }

        @Override
        public void onUnsubscribed() {
            others.add("UNSUBACK");
        }

        @Override
        public void onMessage(boolean isRetained, long origin, long dueNanos) {
            others.add("PUBLISH");
        }

        @Override
        public void onAcknowledged() {
            others.add("acknowledgement");
        }
    }
}
