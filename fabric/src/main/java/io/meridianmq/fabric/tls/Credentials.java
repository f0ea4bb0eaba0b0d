package io.meridianmq.fabric.tls;

import io.meridianmq.fabric.tls.CredentialsException.Part;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What one process, or one operator, proves itself with, and whom it trusts. Immutable; not shown by {@link #toString}.
 */
public final class Credentials {

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final List<X509Certificate> authorities;
    private final Identity identity;

    private Credentials(
            List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities, Identity identity) {
        this.chain = List.copyOf(chain);
        this.key = key;
        this.authorities = List.copyOf(authorities);
        this.identity = identity;
    }

    /**
     * Reads credentials from three PEM files and checks that they fit together.
     *
     * @param certificate the own certificate, followed by those between it and the authority if there are any
     * @param key its private key, not encrypted
     * @param authority the certificates of those whose signature is trusted, one or more
     * @param now when they have to be valid
     * @throws CredentialsException if they cannot be used; the message continues the name of the file's setting: "is ..."
     */
    public static Credentials load(Path certificate, Path key, Path authority, Instant now)
            throws CredentialsException {
        var pair = CertifiedKey.load(certificate, key, now);
        var own = pair.certificate();
        var identity = Identity.of(own)
                .orElseThrow(() -> new CredentialsException(
                        Part.CERTIFICATE,
                        "is " + certificate
                                + ", which does not say whom it is for: it needs one alternative name of the"
                                + " type URI such as meridian://place/us-east/a/1"));
        var authorities = CertifiedKey.loadAuthorities(authority, now);
        if (pair.chain().size() == 1 && authorities.stream().noneMatch(one -> isSignedBy(own, one))) {
            throw new CredentialsException(
                    Part.CERTIFICATE,
                    "is " + certificate + ", which is not from the authority in " + authority
                            + ": give the authority that signed it; if others are in between, append theirs to it");
        }
        return new Credentials(pair.chain(), pair.key(), authorities, identity);
    }

    /** Those that an authority on this machine has just made. */
    static Credentials made(X509Certificate certificate, PrivateKey key, X509Certificate authority, Identity identity) {
        return new Credentials(List.of(certificate), key, List.of(authority), identity);
    }

    /** Whom they are for. */
    public Identity identity() {
        return identity;
    }

    /** From when on others refuse them; new ones have to be in place before. */
    public Instant expiry() {
        return certificate().getNotAfter().toInstant();
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    List<X509Certificate> chain() {
        return chain;
    }

    PrivateKey key() {
        return key;
    }

    List<X509Certificate> authorities() {
        return authorities;
    }

    @Override
    public String toString() {
        return "credentials of " + identity + ", valid until " + expiry();
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
