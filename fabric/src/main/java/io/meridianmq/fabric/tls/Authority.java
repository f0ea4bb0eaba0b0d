package io.meridianmq.fabric.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes certificates: the authority of a platform on one machine, whose key lies beside what it makes. A deployment has an
 * authority of its own, elsewhere.
 *
 * <p>Keys are elliptic, on P-256. Immutable.
 */
public final class Authority {

    /** Clocks of machines differ. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private static final int SERIAL_BITS = 127;

    private static final X500Name NAME = named("Meridian authority");

    private final X509Certificate certificate;
    private final PrivateKey key;

    private Authority(X509Certificate certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /**
     * A new authority.
     *
     * @param now from when on what it signs is valid
     */
    public static Authority create(Instant now, Duration validity) {
        var keys = newKeys();
        var builder = builder(NAME, NAME, keys.getPublic(), now, validity);
        var extensions = extensions();
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
        } catch (IOException e) {
            throw new IllegalStateException("a certificate cannot be written", e);
        }
        return new Authority(signed(builder, keys.getPrivate()), keys.getPrivate());
    }

    /**
     * The authority that {@link #save} left in two files.
     *
     * @throws CredentialsException if they cannot be used
     */
    public static Authority load(Path certificate, Path key) throws CredentialsException {
        return new Authority(
                PemFiles.certificates(CredentialsException.Part.AUTHORITY, certificate)
                        .getFirst(),
                PemFiles.key(key));
    }

    /** From when on nothing that it signed is valid any more. */
    public Instant expiry() {
        return certificate.getNotAfter().toInstant();
    }

    /** Writes both files, the key for this user alone. */
    public void save(Path certificateFile, Path keyFile) throws IOException {
        writeForOwner(keyFile, PemFiles.toPem(key));
        Files.writeString(certificateFile, PemFiles.toPem(certificate));
    }

    /** New credentials for somebody who trusts this authority alone. */
    public Credentials issue(Identity identity, Instant now, Duration validity) {
        var keys = newKeys();
        var builder = builder(NAME, subject(identity), keys.getPublic(), now, validity);
        var extensions = extensions();
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes(identity)));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(
                            GeneralName.uniformResourceIdentifier,
                            identity.uri().toString())));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
        } catch (IOException e) {
            throw new IllegalStateException("a certificate cannot be written", e);
        }
        return Credentials.made(signed(builder, key), keys.getPrivate(), certificate, identity);
    }

    /** Writes a certificate and its key, the key for this user alone. */
    public static void save(Credentials credentials, Path certificateFile, Path keyFile) throws IOException {
        writeForOwner(keyFile, PemFiles.toPem(credentials.key()));
        Files.writeString(certificateFile, PemFiles.toPem(credentials.certificate()));
    }

    /** For people; a common name is too short for every place. */
    private static X500Name subject(Identity identity) {
        return switch (identity) {
            case Identity.Component _ -> named("Meridian component");
            case Identity.Operator _ -> named("Meridian operator");
        };
    }

    /** Components call and are called. */
    private static KeyPurposeId[] purposes(Identity identity) {
        return switch (identity) {
            case Identity.Component _ ->
                new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
            case Identity.Operator _ -> new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
        };
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration validity) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
                Date.from(now.minus(CLOCK_TOLERANCE)),
                Date.from(now.plus(validity)),
                subject,
                key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("this Java cannot sign certificates", e);
        }
    }

    private static X500Name named(String commonName) {
        return new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
    }

    private static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make keys on P-256", e);
        }
    }

    private static JcaX509ExtensionUtils extensions() {
        try {
            return new JcaX509ExtensionUtils();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks SHA-1, which names keys", e);
        }
    }

    /** Created for this user alone, so that there is no moment in which others can read it. */
    private static void writeForOwner(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }
}
