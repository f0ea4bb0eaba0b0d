package io.meridianmq.fabric.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.Authority;
import io.meridianmq.fabric.tls.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsConfigTest {

    private static final Place NODE = Place.parse("us-east/a/1");
    private static final HostPort LOOPBACK = new HostPort("127.0.0.1", 7000);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        var now = Instant.now();
        var authority = Authority.create(now, DAY);
        authority.save(folder.resolve("authority.pem"), folder.resolve("authority.key"));
        Authority.save(
                authority.issue(new Identity.Component(NODE), now, DAY),
                folder.resolve("node.pem"),
                folder.resolve("node.key"));
    }

    @Test
    void credentialsOfThePlaceAreRead() {
        var source = configured("link: {bind: 0.0.0.0:7000, advertise: 10.0.0.1:7000}", "node.pem", "node.key");
        var link = readLink(source, NODE);
        source.finish();
        assertThat(link.tls())
                .hasValueSatisfying(own -> assertThat(own.identity()).isEqualTo(new Identity.Component(NODE)));
    }

    @Test
    void aCertificateOfAnotherPlaceIsAProblemOfItsLine() {
        var source = configured("", "node.pem", "node.key");
        readLink(source, Place.parse("us-east/a/2"));
        assertThat(problems(source))
                .singleElement()
                .asString()
                .startsWith(file() + ":2:16: tls.certificate is " + folder.resolve("node.pem"))
                .contains("is for us-east/a/1, but place is us-east/a/2");
    }

    @Test
    void aFileThatCannotBeUsedIsAProblemOfItsLine() {
        var source = configured("", "node.pem", "authority.key");
        readLink(source, NODE);
        assertThat(problems(source))
                .singleElement()
                .asString()
                .startsWith(file() + ":3:8: tls.key is " + folder.resolve("authority.key") + ", which is not the key");
    }

    @Test
    void allThreeFilesAreNeeded() throws IOException {
        Files.writeString(file(), "tls:\n  certificate: node.pem\n");
        var source = ConfigSource.load(file(), Map.of());
        readLink(source, NODE);
        assertThat(problems(source))
                .containsExactlyInAnyOrder(
                        file() + ": tls.authority is missing: tls needs certificate, key, authority, each a PEM file",
                        file() + ": tls.key is missing: tls needs certificate, key, authority, each a PEM file");
    }

    @Test
    void encryptedAndInsecureIsAContradiction() {
        var source = configured("link: {insecure: true}", "node.pem", "node.key");
        readLink(source, NODE);
        assertThat(problems(source))
                .singleElement()
                .asString()
                .contains("link.insecure is true, but links are encrypted", "remove one");
    }

    private static LinkConfig readLink(ConfigSource source, Place place) {
        var root = source.root();
        return LinkConfig.read(root.section("link"), LOOPBACK, TlsConfig.read(root, place));
    }

    private ConfigSource configured(String link, String certificate, String key) {
        var yaml = "tls:\n  certificate: %s\n  key: %s\n  authority: %s\n%s\n"
                .formatted(folder.resolve(certificate), folder.resolve(key), folder.resolve("authority.pem"), link);
        try {
            Files.writeString(file(), yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return ConfigSource.load(file(), Map.of());
    }

    private static List<String> problems(ConfigSource source) {
        var thrown = catchThrowableOfType(ConfigException.class, source::finish);
        assertThat(thrown).isNotNull();
        return thrown.problems();
    }

    private Path file() {
        return folder.resolve("node.yaml");
    }
}
