package io.meridianmq.fabric.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom a client of a broker trusts, and what it shows if it is asked, for libraries that take the JDK's factories.
 *
 * @param trust empty: whom this Java trusts
 * @param key empty: the client shows no certificate
 */
public record ClientTls(Optional<TrustManagerFactory> trust, Optional<KeyManagerFactory> key) {

    private static final char[] NO_PASSWORD = {};

    /**
     * Reads PEM files.
     *
     * @param authority the certificates of those whose signature is trusted
     * @param certificate the client's certificate; needs {@code key}
     * @param key its private key, not encrypted
     * @param now when all certificates have to be valid
     * @throws CredentialsException if they cannot be used; the message continues the name of the file's setting: "is ..."
     */
    public static ClientTls load(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key, Instant now)
            throws CredentialsException {
        try {
            return new ClientTls(
                    authority.isEmpty() ? Optional.empty() : Optional.of(trust(authority.get(), now)),
                    certificate.isEmpty() || key.isEmpty()
                            ? Optional.empty()
                            : Optional.of(own(CertifiedKey.load(certificate.get(), key.get(), now))));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this Java cannot keep certificates in memory", e);
        }
    }

    private static TrustManagerFactory trust(Path authority, Instant now)
            throws CredentialsException, GeneralSecurityException, IOException {
        var store = emptyStore();
        for (var one : CertifiedKey.loadAuthorities(authority, now)) {
            store.setCertificateEntry("authority-" + store.size(), one);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyManagerFactory own(CertifiedKey own) throws GeneralSecurityException, IOException {
        var store = emptyStore();
        store.setKeyEntry("own", own.key(), NO_PASSWORD, own.chain().toArray(Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, NO_PASSWORD);
        return store;
    }
}
