package io.meridianmq.fabric.tls;

import io.meridianmq.fabric.tls.CredentialsException.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Reads and writes certificates and keys in PEM files (RFC 7468). */
final class PemFiles {

    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final Pattern LABEL = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** What TLS 1.3 can sign with here. */
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA");

    private PemFiles() {}

    /** All certificates of a file, at least one, in its order. */
    static List<X509Certificate> certificates(Part part, Path file) throws CredentialsException {
        var text = text(part, file);
        if (!text.contains("-----BEGIN CERTIFICATE-----")) {
            throw new CredentialsException(
                    part, "is " + file + ", where no line says -----BEGIN CERTIFICATE-----: give a file in PEM format");
        }
        try {
            var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
            return CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new CredentialsException(
                    part,
                    "is " + file + ", whose certificate is damaged (" + e.getMessage() + "): copy or make it again",
                    e);
        }
    }

    /** The private key of a file. */
    static PrivateKey key(Path file) throws CredentialsException {
        var text = text(Part.KEY, file);
        var matcher = KEY.matcher(text);
        if (!matcher.find()) {
            throw new CredentialsException(Part.KEY, "is " + file + ", " + whyNoKey(text, file));
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw damagedKey(file, e);
        }
        return key(file, encoded);
    }

    static String toPem(X509Certificate certificate) {
        try {
            return toPem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a complete certificate: " + certificate, e);
        }
    }

    static String toPem(PrivateKey key) {
        return toPem("PRIVATE KEY", key.getEncoded());
    }

    private static String toPem(String label, byte[] encoded) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private static PrivateKey key(Path file, byte[] encoded) throws CredentialsException {
        for (var algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException _) {
                // A key of another algorithm, or none at all: what remains is tried next.
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java lacks " + algorithm, e);
            }
        }
        throw new CredentialsException(
                Part.KEY, "is " + file + ", whose key is neither EC nor RSA, or damaged: make an EC key on P-256");
    }

    private static String whyNoKey(String text, Path file) {
        var label = LABEL.matcher(text);
        var found = label.find() ? label.group(1) : "";
        if (found.equals("ENCRYPTED PRIVATE KEY")) {
            return "whose key is encrypted, and nobody is there to type a password: write it without, with openssl pkey"
                    + " -in " + file + " -out NEW";
        }
        if (found.endsWith("PRIVATE KEY") || found.equals("EC PARAMETERS")) {
            return "whose key is in an older form (" + found + "): convert it with openssl pkey -in " + file
                    + " -out NEW";
        }
        return "where no line says -----BEGIN PRIVATE KEY-----: give the key in PEM format (PKCS #8)";
    }

    private static CredentialsException damagedKey(Path file, Exception cause) {
        return new CredentialsException(
                Part.KEY, "is " + file + ", whose key is damaged: copy it again, or make a new one", cause);
    }

    private static String text(Part part, Path file) throws CredentialsException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new CredentialsException(part, "is " + file + ", which is larger than 1MB: give a PEM file");
            }
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new CredentialsException(part, "is " + file + ", and there is no such file", e);
        } catch (IOException e) {
            throw new CredentialsException(
                    part, "is " + file + ", which cannot be read (" + e + "): let this user read it", e);
        }
    }
}
