package io.meridianmq.broker.listener;

import io.meridianmq.broker.front.Connection;
import io.meridianmq.fabric.tls.OnceAnHour;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the end of a TLS handshake, notes whom the client's certificate is for, and leaves. One per connection. */
final class Handshake extends ChannelInboundHandlerAdapter {

    private static final Logger log = LoggerFactory.getLogger(Handshake.class);

    /** Causes of causes that are looked at. */
    private static final int CAUSES_MAX = 16;

    private static final OnceAnHour NEWS = new OnceAnHour();

    private final SslHandler tls;
    private final ListenerMetrics metrics;

    Handshake(SslHandler tls, ListenerMetrics metrics) {
        this.tls = tls;
        this.metrics = metrics;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                metrics.handshakes.increment();
                clientName()
                        .ifPresent(name -> context.channel()
                                .attr(Connection.CERTIFICATE_NAME)
                                .set(name));
                context.pipeline().remove(this);
            } else {
                onFailed(context, completion.cause());
            }
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
            return; // The event told of it, and the connection is being closed.
        }
        context.fireExceptionCaught(cause);
    }

    private void onFailed(ChannelHandlerContext context, Throwable cause) {
        log.debug("TLS handshake of {} failed", context.channel(), cause);
        var refused = find(cause, CertificateException.class);
        if (refused.isPresent()) {
            metrics.handshakesFailed(ListenerMetrics.HandshakeFailure.CERTIFICATE);
            var problem = String.valueOf(refused.get().getMessage());
            if (NEWS.isNews(problem)) {
                log.warn("a client's certificate is refused: {} (said once an hour, counted each time)", problem);
            }
        } else if (find(cause, NotSslRecordException.class).isPresent()) {
            metrics.handshakesFailed(ListenerMetrics.HandshakeFailure.NOT_TLS);
        } else if (find(cause, ClosedChannelException.class).isPresent()) {
            metrics.handshakesFailed(ListenerMetrics.HandshakeFailure.LEFT);
        } else {
            metrics.handshakesFailed(ListenerMetrics.HandshakeFailure.OTHER);
        }
    }

    /** The common name in the client's certificate, which an authority that is trusted has signed. */
    private Optional<String> clientName() {
        try {
            var certificates = tls.engine().getSession().getPeerCertificates();
            return certificates.length > 0 && certificates[0] instanceof X509Certificate certificate
                    ? commonName(certificate.getSubjectX500Principal().getName())
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty(); // It showed none, and need not.
        }
    }

    /** The first common name of a subject as RFC 2253 writes it. */
    static Optional<String> commonName(String subject) {
        try {
            return new LdapName(subject)
                    .getRdns().reversed().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst();
        } catch (InvalidNameException e) {
            log.debug("a client's certificate has a subject that is no name", e);
            return Optional.empty();
        }
    }

    private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
        return Stream.iterate(Optional.of(failure), Optional::isPresent, cause -> cause.map(Throwable::getCause))
                .flatMap(Optional::stream)
                .limit(CAUSES_MAX)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }
}
