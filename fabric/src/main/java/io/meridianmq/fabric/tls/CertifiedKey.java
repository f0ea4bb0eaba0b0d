package io.meridianmq.fabric.tls;

import io.meridianmq.fabric.tls.CredentialsException.Part;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * A certificate and its private key, checked to belong together and to be valid.
 *
 * @param chain the certificate, followed by those between it and its authority if there are any
 */
record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {

    CertifiedKey {
        chain = List.copyOf(chain);
    }

    /**
     * Reads both from PEM files.
     *
     * @throws CredentialsException if they cannot be used; the message continues the name of the file's setting: "is ..."
     */
    static CertifiedKey load(Path certificate, Path key, Instant now) throws CredentialsException {
        var chain = PemFiles.certificates(Part.CERTIFICATE, certificate);
        requireValid(Part.CERTIFICATE, certificate, chain.getFirst(), now);
        var privateKey = PemFiles.key(key);
        if (!fits(privateKey, chain.getFirst())) {
            throw new CredentialsException(
                    Part.KEY,
                    "is " + key + ", which is not the key of " + certificate
                            + ": give the two that were made together");
        }
        return new CertifiedKey(chain, privateKey);
    }

    /** Reads the certificates of those whose signature is trusted, one or more, all of them valid. */
    static List<X509Certificate> loadAuthorities(Path file, Instant now) throws CredentialsException {
        var authorities = PemFiles.certificates(Part.AUTHORITY, file);
        for (var one : authorities) {
            requireValid(Part.AUTHORITY, file, one, now);
        }
        return authorities;
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "certificate of " + certificate().getSubjectX500Principal();
    }

    private static void requireValid(Part part, Path file, X509Certificate certificate, Instant now)
            throws CredentialsException {
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateExpiredException e) {
            throw new CredentialsException(
                    part,
                    "is " + file + ", which expired at "
                            + certificate.getNotAfter().toInstant() + ": make a new one",
                    e);
        } catch (CertificateNotYetValidException e) {
            throw new CredentialsException(
                    part,
                    "is " + file + ", which is valid from "
                            + certificate.getNotBefore().toInstant()
                            + " on: set this machine's clock, or make a new one",
                    e);
        }
    }

    /** Whether what the key signs is what the certificate says it signs. */
    private static boolean fits(PrivateKey key, X509Certificate certificate) {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        try {
            var signature =
                    Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            var text = new byte[] {1, 2, 3};
            signature.initSign(key);
            signature.update(text);
            var signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
