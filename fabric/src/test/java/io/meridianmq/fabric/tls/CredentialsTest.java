package io.meridianmq.fabric.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.CredentialsException.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {

    private static final Instant NOW = Instant.parse("2030-05-01T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Identity NODE = new Identity.Component(Place.parse("us-east/a/1"));

    @TempDir
    private Path folder = Path.of("");

    private final Authority authority = Authority.create(NOW, WEEK);

    @BeforeEach
    void writeFiles() throws IOException {
        authority.save(file("authority.pem"), file("authority.key"));
        Authority.save(authority.issue(NODE, NOW, WEEK), file("node.pem"), file("node.key"));
    }

    @Test
    void whatAnAuthorityMadeIsReadAgain() throws CredentialsException {
        var credentials = Credentials.load(file("node.pem"), file("node.key"), file("authority.pem"), NOW);

        assertThat(credentials.identity()).isEqualTo(NODE);
        assertThat(credentials.expiry()).isEqualTo(NOW.plus(WEEK));
        assertThat(credentials).hasToString("credentials of us-east/a/1, valid until 2030-05-08T12:00:00Z");
    }

    @Test
    void keysAreForTheirOwnerAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("node.key"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("authority.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anAuthorityThatWasSavedSignsOn() throws CredentialsException, IOException {
        var again = Authority.load(file("authority.pem"), file("authority.key"));
        var operator = new Identity.Operator("alice");
        Authority.save(again.issue(operator, NOW, WEEK), file("alice.pem"), file("alice.key"));

        assertThat(Credentials.load(file("alice.pem"), file("alice.key"), file("authority.pem"), NOW)
                        .identity())
                .isEqualTo(operator);
        assertThat(again.expiry()).isEqualTo(NOW.plus(WEEK));
    }

    @Test
    void aMissingFileIsNamed() {
        var refused = refused("nowhere.pem", "node.key", "authority.pem");
        assertThat(refused.part()).isEqualTo(Part.CERTIFICATE);
        assertThat(refused.problem()).contains(file("nowhere.pem").toString(), "no such file");
        assertThat(refused("node.pem", "nowhere.key", "authority.pem").part()).isEqualTo(Part.KEY);
        assertThat(refused("node.pem", "node.key", "nowhere.pem").part()).isEqualTo(Part.AUTHORITY);
    }

    @Test
    void whatIsNotPemIsNamed() throws IOException {
        Files.writeString(file("text"), "hello");
        assertThat(refused("text", "node.key", "authority.pem").problem()).contains("BEGIN CERTIFICATE", "PEM");
        assertThat(refused("node.pem", "text", "authority.pem").problem()).contains("BEGIN PRIVATE KEY", "PEM");
        assertThat(refused("node.pem", "node.key", "text").part()).isEqualTo(Part.AUTHORITY);
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        Files.writeString(file("cut.pem"), Files.readString(file("node.pem")).replaceFirst("\nM.{20}", "\nAAAA"));
        assertThat(refused("cut.pem", "node.key", "authority.pem").problem()).contains("cut.pem", "damaged");
        Files.writeString(file("cut.key"), Files.readString(file("node.key")).replaceFirst("\nM.{20}", "\nAAAA"));
        assertThat(refused("node.pem", "cut.key", "authority.pem").problem()).contains("cut.key", "damaged");
    }

    @Test
    void keysInOtherFormsComeWithTheCommandThatConvertsThem() throws IOException {
        Files.writeString(file("old.key"), "-----BEGIN EC PRIVATE KEY-----\nMHc=\n-----END EC PRIVATE KEY-----\n");
        assertThat(refused("node.pem", "old.key", "authority.pem").problem())
                .contains("older form", "openssl pkey -in " + file("old.key"));
        Files.writeString(
                file("hidden.key"),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMHc=\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThat(refused("node.pem", "hidden.key", "authority.pem").problem())
                .contains("encrypted", "openssl pkey -in " + file("hidden.key"));
    }

    @Test
    void aKeyThatDoesNotFitIsRefused() throws IOException {
        Authority.save(authority.issue(NODE, NOW, WEEK), file("other.pem"), file("other.key"));
        var refused = refused("node.pem", "other.key", "authority.pem");
        assertThat(refused.part()).isEqualTo(Part.KEY);
        assertThat(refused.problem()).contains("is not the key of " + file("node.pem"));
    }

    @Test
    void certificatesOutsideTheirTimeAreRefused() throws IOException {
        Authority.save(authority.issue(NODE, NOW.minus(WEEK), Duration.ofDays(6)), file("past.pem"), file("past.key"));
        assertThat(refused("past.pem", "past.key", "authority.pem").problem()).contains("expired at 2030-04-30");

        Authority.save(authority.issue(NODE, NOW.plus(WEEK), WEEK), file("next.pem"), file("next.key"));
        assertThat(refused("next.pem", "next.key", "authority.pem").problem()).contains("is valid from 2030-05-08");

        Authority.create(NOW.minus(WEEK), Duration.ofDays(6)).save(file("past.authority"), file("past.authority.key"));
        var refused = refused("node.pem", "node.key", "past.authority");
        assertThat(refused.part()).isEqualTo(Part.AUTHORITY);
        assertThat(refused.problem()).contains("expired at 2030-04-30");
    }

    @Test
    void aCertificateThatDoesNotSayWhomItIsForIsRefused() {
        assertThat(refused("authority.pem", "authority.key", "authority.pem").problem())
                .contains("does not say whom it is for", "meridian://place/");
    }

    @Test
    void aCertificateThatWasNotSignedByTheAuthorityIsRefused() throws IOException {
        Authority.create(NOW, WEEK).save(file("other.authority"), file("other.authority.key"));
        var refused = refused("node.pem", "node.key", "other.authority");
        assertThat(refused.part()).isEqualTo(Part.CERTIFICATE);
        assertThat(refused.problem()).contains("not from the authority in " + file("other.authority"));
    }

    private CredentialsException refused(String certificate, String key, String authorityFile) {
        var thrown = catchThrowableOfType(
                CredentialsException.class,
                () -> Credentials.load(file(certificate), file(key), file(authorityFile), NOW));
        assertThat(thrown).isNotNull();
        return thrown;
    }

    private Path file(String name) {
        return folder.resolve(name);
    }
}
