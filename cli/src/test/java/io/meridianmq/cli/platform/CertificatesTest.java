package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.cli.platform.Component.Deployable;
import io.meridianmq.fabric.tls.Credentials;
import io.meridianmq.fabric.tls.CredentialsException;
import io.meridianmq.fabric.tls.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {

    private static final Instant NOW = Instant.parse("2030-05-01T12:00:00Z");
    private static final Layout SMALL = layout(1);

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void everyProcessOfMeridianAndTheOperatorGetOne() throws CredentialsException {
        var folder = new DataFolder(temporary);
        make(NOW, SMALL);

        for (var component : SMALL.components()) {
            if (component instanceof Deployable deployable) {
                assertThat(load(folder.certificate(deployable), folder.key(deployable)))
                        .isEqualTo(new Identity.Component(deployable.place()));
            }
        }
        assertThat(load(folder.operatorCertificate(), folder.operatorKey())).isEqualTo(new Identity.Operator("local"));
    }

    @Test
    void othersOnTheMachineCannotReadThem() throws IOException {
        make(NOW, SMALL);
        try (var files = Files.walk(temporary.resolve("tls"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".key") || Files.isDirectory(file)))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .endsWith("------"));
        }
    }

    @Test
    void theNextStartKeepsThemAndAddsWhatIsNew() throws IOException {
        make(NOW, SMALL);
        var before = texts();
        make(NOW.plus(Duration.ofDays(100)), layout(2));
        var after = texts();
        assertThat(after).containsAllEntriesOf(before);
        assertThat(after.keySet()).contains("place/us-east.a.2.pem");
        assertThat(before.keySet()).doesNotContain("place/us-east.a.2.pem");
    }

    @Test
    void whatEndsSoonIsMadeAnew() throws IOException, CredentialsException {
        make(NOW, SMALL);
        var before = texts();
        var late = NOW.plus(Certificates.VALIDITY).minus(Certificates.VALID_FOR);
        make(late, SMALL);
        assertThat(texts()).doesNotContainValue(before.get("authority.pem")).hasSameSizeAs(before);
        var folder = new DataFolder(temporary);
        assertThat(Credentials.load(folder.operatorCertificate(), folder.operatorKey(), folder.authority(), late)
                        .expiry())
                .isEqualTo(late.plus(Certificates.VALIDITY));
    }

    @Test
    void whatIsDamagedIsMadeAnew() throws IOException, CredentialsException {
        make(NOW, SMALL);
        var folder = new DataFolder(temporary);
        Files.writeString(folder.operatorKey(), "nothing");
        var before = texts();
        make(NOW, SMALL);
        assertThat(load(folder.operatorCertificate(), folder.operatorKey())).isEqualTo(new Identity.Operator("local"));
        assertThat(texts().get("place/global.pem")).isEqualTo(before.get("place/global.pem"));
    }

    private void make(Instant now, Layout layout) {
        new Certificates(new DataFolder(temporary), now).make(layout);
    }

    private Identity load(Path certificate, Path key) throws CredentialsException {
        return Credentials.load(certificate, key, new DataFolder(temporary).authority(), NOW)
                .identity();
    }

    private Map<String, String> texts() throws IOException {
        var texts = new TreeMap<String, String>();
        var tls = temporary.resolve("tls");
        try (var files = Files.walk(tls)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                texts.put(tls.relativize(file).toString(), Files.readString(file));
            }
        }
        return texts;
    }

    private static Layout layout(int nodes) {
        return Layout.of(new Shape(List.of("us-east"), 1, nodes, 1883, 20_000), RunningEtcd.NONE, Duration.ZERO);
    }
}
