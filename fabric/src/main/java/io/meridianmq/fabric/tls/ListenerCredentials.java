package io.meridianmq.fabric.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a listener proves itself with to clients, who are not of the platform, and whose certificates it accepts from
 * them. Any authority may have signed any of it. Immutable; the key is not shown by {@link #toString}.
 */
public final class ListenerCredentials {

    private final CertifiedKey own;
    private final List<X509Certificate> clientAuthorities;

    private ListenerCredentials(CertifiedKey own, List<X509Certificate> clientAuthorities) {
        this.own = own;
        this.clientAuthorities = List.copyOf(clientAuthorities);
    }

    /**
     * The PEM files that they are in.
     *
     * @param certificate the listener's certificate, followed by those between it and its authority if there are any
     * @param key its private key, not encrypted
     * @param clientAuthority the certificates of those whose signature is trusted on a client's certificate
     */
    public record Files(Path certificate, Path key, Optional<Path> clientAuthority) {

        /** All of them. */
        public List<Path> all() {
            return Stream.concat(Stream.of(certificate, key), clientAuthority.stream())
                    .toList();
        }
    }

    /**
     * Reads the files and checks that they fit together.
     *
     * @param now when all certificates have to be valid
     * @throws CredentialsException if they cannot be used; the message continues the name of the file's setting: "is ..."
     */
    public static ListenerCredentials load(Files files, Instant now) throws CredentialsException {
        var own = CertifiedKey.load(files.certificate(), files.key(), now);
        var authority = files.clientAuthority();
        return new ListenerCredentials(
                own, authority.isEmpty() ? List.of() : CertifiedKey.loadAuthorities(authority.get(), now));
    }

    /** The certificate, followed by those between it and its authority if there are any. */
    public List<X509Certificate> chain() {
        return own.chain();
    }

    /** The certificate's private key. */
    public PrivateKey key() {
        return own.key();
    }

    /** Whose signature is trusted on a client's certificate; nobody's if empty. */
    public List<X509Certificate> clientAuthorities() {
        return clientAuthorities;
    }

    /** From when on clients refuse the certificate; a new one has to be in place before. */
    public Instant expiry() {
        return own.certificate().getNotAfter().toInstant();
    }

    @Override
    public String toString() {
        return own + ", valid until " + expiry();
    }
}
