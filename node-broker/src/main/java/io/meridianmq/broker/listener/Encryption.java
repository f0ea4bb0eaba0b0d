package io.meridianmq.broker.listener;

import io.meridianmq.fabric.config.WatchedFiles;
import io.meridianmq.fabric.tls.CredentialsException;
import io.meridianmq.fabric.tls.ListenerCredentials;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encrypts the connections of one listener with what its files hold: new connections with what they hold now, those
 * that exist as they began. Connections are made by any thread; one thread looks for new files.
 */
final class Encryption implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Encryption.class);

    private final String listener;
    private final ListenerTls config;
    private final SslProvider provider;
    private final ListenerMetrics metrics;
    private final WatchedFiles files;

    /** Replaced by the thread that looks for new files. */
    private volatile InForce inForce;

    private record InForce(SslContext context, Instant expiry) {}

    /**
     * Encryption with what the configuration has read.
     *
     * @param listener how the log and metrics call it
     * @throws SSLException if TLS cannot be spoken with it
     */
    Encryption(String listener, ListenerTls config, SslProvider provider, ListenerMetrics metrics) throws SSLException {
        this.listener = listener;
        this.config = config;
        this.provider = provider;
        this.metrics = metrics;
        this.files = new WatchedFiles(config.files().all());
        this.inForce = build(config.credentials());
    }

    /** OpenSSL's if its library loads, else the JDK's. */
    static SslProvider bestProvider() {
        if (OpenSsl.isAvailable()) {
            log.info("TLS of clients is spoken by {}", OpenSsl.versionString());
            // Freed when the last connection that uses it ends, without finalizers.
            return SslProvider.OPENSSL_REFCNT;
        }
        log.info(
                "TLS of clients is spoken by the JDK, which takes more of the processor: the native library does not load: {}",
                OpenSsl.unavailabilityCause().toString());
        return SslProvider.JDK;
    }

    /** A handler for a new connection. */
    SslHandler newHandler(ByteBufAllocator allocator) {
        while (true) {
            var context = inForce.context();
            try {
                ReferenceCountUtil.retain(context);
            } catch (IllegalReferenceCountException _) {
                continue; // It was replaced between these two lines.
            }
            try {
                var handler = context.newHandler(allocator);
                handler.setHandshakeTimeoutMillis(0); // The connection's own time limit holds for this as well.
                return handler;
            } finally {
                ReferenceCountUtil.release(context);
            }
        }
    }

    /** From when on clients refuse the certificate. */
    Instant expiry() {
        return inForce.expiry();
    }

    /** Looks whether there are other files now, and goes by them; by the old ones if they cannot be used. */
    void lookForNewFiles() {
        if (!files.haveChanged()) {
            return;
        }
        try {
            var credentials = ListenerCredentials.load(config.files(), Instant.now());
            var before = inForce;
            inForce = build(credentials);
            ReferenceCountUtil.release(before.context());
            metrics.reloaded.increment();
            log.info("listener {} goes by new files: {}", listener, credentials);
        } catch (CredentialsException e) {
            refuse(ListenerTls.keyOf(e.part()) + " " + e.problem());
        } catch (SSLException e) {
            refuse("certificate is " + config.files().certificate() + ", which TLS cannot be spoken with: "
                    + e.getMessage());
        }
    }

    /** Connections that exist go on. */
    @Override
    public void close() {
        ReferenceCountUtil.release(inForce.context());
    }

    private void refuse(String problem) {
        metrics.reloadsRefused.increment();
        log.warn("listener {} keeps what it has, valid until {}: {}", listener, inForce.expiry(), problem);
    }

    private InForce build(ListenerCredentials credentials) throws SSLException {
        var builder = SslContextBuilder.forServer(credentials.key(), credentials.chain())
                .sslProvider(provider)
                .protocols(config.versions());
        if (!credentials.clientAuthorities().isEmpty()) {
            builder.trustManager(credentials.clientAuthorities().toArray(new X509Certificate[0]));
        }
        builder.clientAuth(
                switch (config.clients()) {
                    case NONE -> ClientAuth.NONE;
                    case OPTIONAL -> ClientAuth.OPTIONAL;
                    case REQUIRED -> ClientAuth.REQUIRE;
                });
        return new InForce(builder.build(), credentials.expiry());
    }
}
