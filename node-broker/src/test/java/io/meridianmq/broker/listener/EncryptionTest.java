package io.meridianmq.broker.listener;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.meridianmq.broker.TestCertificates;
import io.meridianmq.broker.front.Connection;
import io.meridianmq.broker.listener.ListenerTls.ClientCertificates;
import io.meridianmq.fabric.tls.ListenerCredentials;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that tells each client whom it takes it for, and both libraries that may encrypt it. */
final class EncryptionTest {

    private static final String NOBODY = "-";

    @TempDir
    private Path folder;

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @SuppressWarnings("NullAway.Init") // Made before each test.
    private TestCertificates certificates;

    @BeforeEach
    void makeCertificates() throws Exception {
        certificates = new TestCertificates(folder);
        certificates.write("server", certificates.issue("first"));
    }

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    enum Library {
        OPENSSL(SslProvider.OPENSSL_REFCNT),
        JDK(SslProvider.JDK);

        private final SslProvider provider;

        Library(SslProvider provider) {
            this.provider = provider;
        }
    }

    @Test
    void theNativeLibraryLoadsHere() {
        assertThat(Encryption.bestProvider()).isEqualTo(SslProvider.OPENSSL_REFCNT);
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void bothVersionsOfTlsAreSpoken(Library library) throws Exception {
        try (var encryption = encryption(library, ClientCertificates.NONE, "TLSv1.2", "TLSv1.3")) {
            var port = serve(encryption);
            for (var version : List.of("TLSv1.2", "TLSv1.3")) {
                try (var client = connect(port, certificates.client(), version)) {
                    assertThat(answer(client)).isEqualTo(NOBODY);
                    assertThat(client.getSession().getProtocol()).isEqualTo(version);
                }
            }
        }
        assertThat(count("mqtt_tls_handshakes")).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void anOldVersionIsRefusedWhereANewOneIsDemanded(Library library) throws Exception {
        try (var encryption = encryption(library, ClientCertificates.NONE, "TLSv1.3")) {
            var port = serve(encryption);
            assertThatThrownBy(() -> connect(port, certificates.client(), "TLSv1.2"))
                    .isInstanceOf(IOException.class);
            awaitFailed("other");
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void aClientIsWhomItsCertificateIsFor(Library library) throws Exception {
        try (var encryption = encryption(library, ClientCertificates.OPTIONAL, "TLSv1.2", "TLSv1.3")) {
            var port = serve(encryption);
            try (var client = connect(port, certificates.client(certificates.issue("device 7")), "TLSv1.3")) {
                assertThat(answer(client)).isEqualTo("device 7");
            }
            try (var client = connect(port, certificates.client(), "TLSv1.3")) {
                assertThat(answer(client)).isEqualTo(NOBODY);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void whoShowsNoCertificateIsRefusedWhereOneIsRequired(Library library) throws Exception {
        try (var encryption = encryption(library, ClientCertificates.REQUIRED, "TLSv1.3")) {
            var port = serve(encryption);
            assertThatThrownBy(() -> answer(connect(port, certificates.client(), "TLSv1.3")))
                    .isInstanceOf(IOException.class);
            await().untilAsserted(() -> assertThat(count("mqtt_tls_handshakes_failed", "reason", "other")
                            + count("mqtt_tls_handshakes_failed", "reason", "certificate"))
                    .isEqualTo(1));
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void aCertificateOfAnotherAuthorityIsRefused(Library library) throws Exception {
        var stranger = new TestCertificates(Files.createDirectory(folder.resolve("elsewhere"))).issue("device 7");
        try (var encryption = encryption(library, ClientCertificates.OPTIONAL, "TLSv1.3")) {
            var port = serve(encryption);
            assertThatThrownBy(() -> answer(connect(port, certificates.client(stranger), "TLSv1.3")))
                    .isInstanceOf(IOException.class);
            awaitFailed("certificate");
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void whatIsNotTlsIsRefused(Library library) throws Exception {
        try (var encryption = encryption(library, ClientCertificates.NONE, "TLSv1.3");
                var client = new Socket(InetAddress.getLoopbackAddress(), serve(encryption))) {
            client.setSoTimeout(30_000);
            client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            client.getInputStream().readAllBytes(); // Until the end.
            awaitFailed("not_tls");
        }
    }

    @ParameterizedTest
    @EnumSource(Library.class)
    void newFilesAreForNewConnectionsAndBadOnesForNone(Library library) throws Exception {
        try (var encryption = encryption(library, ClientCertificates.NONE, "TLSv1.3")) {
            var port = serve(encryption);
            try (var before = connect(port, certificates.client(), "TLSv1.3")) {
                assertThat(servedBy(before)).contains("CN=first");

                certificates.write("server", certificates.issue("second"));
                lookTwice(encryption);
                assertThat(servedByNext(port)).contains("CN=second");
                assertThat(count("mqtt_tls_reloads", "result", "taken")).isEqualTo(1);

                Files.writeString(certificates.file("server.key"), "garbage");
                lookTwice(encryption);
                assertThat(servedByNext(port)).contains("CN=second");
                assertThat(count("mqtt_tls_reloads", "result", "refused")).isEqualTo(1);
                lookTwice(encryption);
                assertThat(count("mqtt_tls_reloads", "result", "refused")).isEqualTo(1);

                assertThat(answer(before)).as("the connection made at first").isEqualTo(NOBODY);
            }
        }
    }

    private String servedByNext(int port) throws Exception {
        try (var client = connect(port, certificates.client(), "TLSv1.3")) {
            return servedBy(client);
        }
    }

    private static String servedBy(SSLSocket client) throws IOException {
        var certificate = (X509Certificate) client.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName();
    }

    private static void lookTwice(Encryption encryption) {
        encryption.lookForNewFiles();
        encryption.lookForNewFiles();
    }

    private Encryption encryption(Library library, ClientCertificates clients, String... versions) throws Exception {
        var files = new ListenerCredentials.Files(
                certificates.file("server.pem"),
                certificates.file("server.key"),
                clients == ClientCertificates.NONE ? Optional.empty() : Optional.of(certificates.authority()));
        var tls = new ListenerTls(files, ListenerCredentials.load(files, Instant.now()), clients, List.of(versions));
        return new Encryption("127.0.0.1:8883", tls, library.provider, new ListenerMetrics(meters));
    }

    /** Answers every message of a client with whom it is taken for. */
    private int serve(Encryption encryption) {
        var metrics = new ListenerMetrics(meters);
        var server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        var handler = encryption.newHandler(channel.alloc());
                        channel.pipeline().addLast(handler, new Handshake(handler, metrics), new Teller());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly();
        return ((InetSocketAddress) server.channel().localAddress()).getPort();
    }

    private static final class Teller extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            var name = context.channel().attr(Connection.CERTIFICATE_NAME).get();
            var _ = context.writeAndFlush(
                    ByteBufUtil.writeUtf8(context.alloc(), (name == null ? NOBODY : name) + "\n"));
        }
    }

    private static SSLSocket connect(int port, SSLContext context, String version) throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    /** With TLS 1.3 a client learns only now whether its certificate was accepted. */
    private static String answer(SSLSocket client) throws IOException {
        client.getOutputStream().write('?');
        var line = new StringBuilder();
        for (var next = client.getInputStream().read();
                next != '\n';
                next = client.getInputStream().read()) {
            if (next < 0) {
                throw new IOException("closed");
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private void awaitFailed(String reason) {
        await().untilAsserted(() -> assertThat(count("mqtt_tls_handshakes_failed", "reason", reason))
                .isEqualTo(1));
    }

    private double count(String meter, String... tags) {
        return meters.get(meter).tags(tags).counter().count();
    }
}
