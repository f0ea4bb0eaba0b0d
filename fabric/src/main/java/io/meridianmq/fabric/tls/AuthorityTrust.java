package io.meridianmq.fabric.tls;

import io.grpc.netty.shaded.io.netty.handler.ssl.OpenSslCertificateException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts whoever the platform's authority has given a certificate with an identity, and nobody else.
 *
 * <p>Host names are not looked at: a component moves between addresses, and what counts is which place it is. Whoever
 * opened the connection compares that identity with the one it expects.
 */
final class AuthorityTrust extends X509ExtendedTrustManager {

    /** What makes OpenSSL tell the other end "unknown_ca" (RFC 8446, section 6.2); Java's own TLS has its own words. */
    private static final int UNKNOWN_AUTHORITY = 20;

    private final X509TrustManager paths;
    private final Optional<Identity> expected;
    private final Refusals refusals;

    /**
     * @param expected the only one who is trusted; empty: everybody
     */
    AuthorityTrust(List<X509Certificate> authorities, Optional<Identity> expected, Refusals refusals) {
        this.paths = pathsTo(authorities);
        this.expected = expected;
        this.refusals = refusals;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, true, () -> paths.checkClientTrusted(chain, authType));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, false, () -> paths.checkServerTrusted(chain, authType));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return paths.getAcceptedIssuers();
    }

    @FunctionalInterface
    private interface PathCheck {
        void run() throws CertificateException;
    }

    private void check(X509Certificate[] chain, boolean caller, PathCheck path) throws CertificateException {
        var certificate = chain[0];
        var identity = Identity.of(certificate);
        var whose = "the certificate of "
                + identity.map(Identity::toString)
                        .orElseGet(() -> certificate.getSubjectX500Principal().getName());
        try {
            certificate.checkValidity();
            path.run();
        } catch (CertificateExpiredException e) {
            var expiry = certificate.getNotAfter().toInstant();
            throw refused(Refusal.EXPIRED, whose + " expired at " + expiry + ": make a new one", caller, e);
        } catch (CertificateNotYetValidException e) {
            var start = certificate.getNotBefore().toInstant();
            throw refused(Refusal.EXPIRED, whose + " is valid from " + start + " on: set the clocks right", caller, e);
        } catch (CertificateException e) {
            var problem = whose + " is not from the authority that is configured here (" + e.getMessage() + ")";
            throw refused(
                    Refusal.UNTRUSTED, problem, caller, new OpenSslCertificateException(problem, e, UNKNOWN_AUTHORITY));
        }
        if (identity.isEmpty()) {
            var problem = whose + " does not say whom it is for: it needs one alternative name of the type URI such as"
                    + " meridian://place/us-east/a/1";
            throw refused(Refusal.NO_IDENTITY, problem, caller, new CertificateException(problem));
        }
        if (!expected.isEmpty() && !expected.equals(identity)) {
            var problem = whose + " was shown where that of " + expected.get() + " was expected";
            throw refused(Refusal.OTHER_IDENTITY, problem, caller, new CertificateException(problem));
        }
    }

    /** Which the other end is told as it is, as far as TLS has words for it. */
    private CertificateException refused(Refusal cause, String problem, boolean caller, CertificateException refusal) {
        refusals.onCertificate(cause, problem, caller);
        return refusal;
    }

    private static X509TrustManager pathsTo(List<X509Certificate> authorities) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (var authority : authorities) {
                store.setCertificateEntry("authority-" + store.size(), authority);
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot check certificates", e);
        }
    }
}
