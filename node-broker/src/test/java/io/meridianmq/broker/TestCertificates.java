package io.meridianmq.broker;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority for one test, and what it has signed, in PEM files of a folder. */
public final class TestCertificates {

    private final Path folder;
    private final X509Bundle authority;

    public TestCertificates(Path folder) throws Exception {
        this.folder = folder;
        this.authority = new CertificateBuilder()
                .subject("CN=test authority")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
        Files.writeString(folder.resolve("authority.pem"), authority.getCertificatePEM());
    }

    /** The authority's certificate. */
    public Path authority() {
        return folder.resolve("authority.pem");
    }

    public X509Bundle issue(String commonName) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + commonName + ",O=tests")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .ecp256()
                .buildIssuedBy(authority);
    }

    /** Writes {@code NAME.pem} and {@code NAME.key}. */
    public void write(String name, X509Bundle bundle) throws IOException {
        Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePathPEM());
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    /** Trust in the authority alone. */
    public TrustManagerFactory trust() {
        return authority.toTrustManagerFactory();
    }

    /** Who trusts the authority, and shows nothing. */
    public SSLContext client() throws GeneralSecurityException {
        return context(null);
    }

    /** Who trusts the authority, and shows a certificate. */
    public SSLContext client(X509Bundle own) throws GeneralSecurityException {
        return context(own.toKeyManagerFactory().getKeyManagers());
    }

    private SSLContext context(KeyManager @Nullable [] own) throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(own, new TrustManager[] {authority.toTrustManager()}, null);
        return context;
    }
}
