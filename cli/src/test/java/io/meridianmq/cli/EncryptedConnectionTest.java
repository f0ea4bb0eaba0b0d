package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code pub} over TLS, to a server that demands a certificate and accepts every CONNECT. */
class EncryptedConnectionTest {

    private static final byte[] CONNACK = {0x20, 3, 0, 0, 0};

    @TempDir
    private Path folder = Path.of("");

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private SSLServerSocket server;

    @BeforeEach
    void start() throws Exception {
        var authority = new CertificateBuilder()
                .subject("CN=test authority")
                .setIsCertificateAuthority(true)
                .ecp256()
                .buildSelfSigned();
        Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
        write("client", new CertificateBuilder().subject("CN=device").ecp256().buildIssuedBy(authority));
        var own = new CertificateBuilder()
                .subject("CN=broker")
                .addSanDnsName("localhost")
                .ecp256()
                .buildIssuedBy(authority);
        var context = SSLContext.getInstance("TLS");
        context.init(own.toKeyManagerFactory().getKeyManagers(), new TrustManager[] {authority.toTrustManager()}, null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getByName("localhost"));
        server.setNeedClientAuth(true);
        Thread.ofVirtual().start(this::serve);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void theAuthorityAndTheOwnCertificateComeFromFiles() {
        assertThat(publish("--ca", file("ca.pem"), "--cert", file("client.pem"), "--key", file("client.key")))
                .isZero();
    }

    @Test
    void aServerThatNobodyTrustsIsRefused() {
        assertThat(publish("--tls")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    }

    @Test
    void filesThatCannotBeUsedAreAMistakeInTheCommand() {
        assertThat(publish("--ca", file("nowhere.pem"))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(publish("--cert", file("client.pem"))).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    private int publish(String... options) {
        var all = new ArrayList<>(
                List.of("-h", "localhost", "-p", "" + server.getLocalPort(), "-i", "device", "-t", "a", "-m", "x"));
        all.addAll(List.of(options));
        return new CommandLine(new Publish()).execute(all.toArray(String[]::new));
    }

    private void serve() {
        while (!server.isClosed()) {
            try (var socket = (SSLSocket) server.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write(CONNACK);
                socket.getInputStream().readAllBytes();
            } catch (IOException _) {
                // A client that is refused, or the end of the test.
            }
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void write(String name, X509Bundle bundle) throws IOException {
        Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePathPEM());
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
    }
}
