package io.meridianmq.fabric.tls;

import io.grpc.Attributes;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * How the connections of one purpose, such as links, are protected: by TLS 1.3 with a certificate at both ends, or not at
 * all. Any thread.
 *
 * <p>TLS lets everybody in whom the authority has given a certificate. Which of them may do what is decided by whoever
 * asks for {@link #identity}.
 */
public final class TransportSecurity {

    private static final String VERSION = "TLSv1.3";
    private static final int HANDSHAKE_SECONDS_MAX = 10;

    private final Refusals refusals = new Refusals();
    private final ServerCredentials forServers;
    private final ChannelCredentials forChannels;

    private TransportSecurity() {
        this.forServers = InsecureServerCredentials.create();
        this.forChannels = InsecureChannelCredentials.create();
    }

    private TransportSecurity(Credentials credentials, Optional<Identity> expected) {
        var trust = new AuthorityTrust(credentials.authorities(), expected, refusals);
        this.forServers = NettySslContextServerCredentials.create(
                build(SslContextBuilder.forServer(credentials.key(), credentials.chain())
                        .clientAuth(ClientAuth.REQUIRE)
                        .trustManager(trust)));
        this.forChannels = NettySslContextChannelCredentials.create(build(SslContextBuilder.forClient()
                .keyManager(credentials.key(), credentials.chain())
                .trustManager(trust)));
    }

    /** TLS with these credentials, or no protection without any. */
    public static TransportSecurity of(Optional<Credentials> credentials) {
        return credentials
                .map(own -> new TransportSecurity(own, Optional.empty()))
                .orElseGet(TransportSecurity::new);
    }

    /** TLS that refuses everybody but {@code peer} before anything is sent. */
    public static TransportSecurity toward(Identity peer, Credentials credentials) {
        return new TransportSecurity(credentials, Optional.of(peer));
    }

    /**
     * Whom the certificate of the other end is for.
     *
     * @param connection the attributes of a call on it; of one that was made, once it has been answered
     * @return empty if the connection is not encrypted
     */
    public static Optional<Identity> identity(Attributes connection) {
        return Optional.ofNullable(connection.get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                .map(session -> {
                    try {
                        return Identity.of((X509Certificate) session.getPeerCertificates()[0])
                                .orElseThrow();
                    } catch (SSLPeerUnverifiedException e) {
                        throw new IllegalStateException("a connection without a certificate was let in", e);
                    }
                });
    }

    /** What it refused, and where it was refused. */
    public Refusals refusals() {
        return refusals;
    }

    /** A server for callers who prove themselves; those who do not are counted. */
    public NettyServerBuilder server(InetSocketAddress bind) {
        var callers = new Callers(refusals);
        return NettyServerBuilder.forAddress(bind, forServers)
                .handshakeTimeout(HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS)
                .addTransportFilter(callers)
                .intercept(callers.interceptor());
    }

    /**
     * A channel to somebody who proves himself.
     *
     * @param target in gRPC's form, such as {@code dns:///host:port}
     */
    public NettyChannelBuilder channel(String target) {
        return NettyChannelBuilder.forTarget(target, forChannels);
    }

    private static SslContext build(SslContextBuilder builder) {
        try {
            return GrpcSslContexts.configure(builder).protocols(VERSION).build();
        } catch (SSLException e) {
            throw new IllegalArgumentException(
                    "the certificate and its key cannot be used for " + VERSION + ": " + e.getMessage(), e);
        }
    }
}
