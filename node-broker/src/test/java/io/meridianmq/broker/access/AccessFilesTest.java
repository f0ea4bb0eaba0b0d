package io.meridianmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.fabric.access.PasswordFile;
import io.meridianmq.fabric.access.RefusedFileException;
import io.meridianmq.fabric.access.ScramVerifier;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessFilesTest {

    private static final Client CLIENT = new Client("c", Optional.empty());

    @TempDir
    private Path folder = Path.of(".");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Path acl = folder;
    private Path passwords = folder;

    @BeforeEach
    void writeFiles() throws Exception {
        acl = folder.resolve("rules");
        passwords = folder.resolve("passwords");
        Files.writeString(acl, "everybody\nallow both a\n");
        new PasswordFile(passwords).put("alice", verifier());
    }

    @Test
    void takesWhatHasChanged() throws Exception {
        var files = files();
        var access = access(files);
        look(files, access);
        assertThat(access.policy().acl().mayPublish(CLIENT, "a")).isTrue();
        Files.writeString(acl, "everybody\nallow both bb\n");
        files.look(access);
        assertThat(access.policy().acl().mayPublish(CLIENT, "a"))
                .as("it may still be written")
                .isTrue();
        files.look(access);
        assertThat(access.policy().acl().mayPublish(CLIENT, "a")).isFalse();
        assertThat(access.policy().acl().mayPublish(CLIENT, "bb")).isTrue();
        new PasswordFile(passwords).put("bob", verifier());
        look(files, access);
        assertThat(access.policy().passwords().orElseThrow().size()).isEqualTo(2);
        assertThat(changes("acl", "taken")).isEqualTo(1);
        assertThat(changes("passwords", "taken")).isEqualTo(1);
    }

    @Test
    void refusesABadFileAsAWholeAndKeepsWhatItSaidBefore() throws Exception {
        var files = files();
        var access = access(files);
        Files.writeString(acl, "everybody\nallow both bb\nallow everything\n");
        Files.delete(passwords);
        look(files, access);
        assertThat(access.policy().acl().mayPublish(CLIENT, "a")).isTrue();
        assertThat(access.policy().acl().mayPublish(CLIENT, "bb")).isFalse();
        assertThat(access.policy().passwords().orElseThrow().size()).isEqualTo(1);
        assertThat(changes("acl", "refused")).isEqualTo(1);
        assertThat(changes("passwords", "refused")).isEqualTo(1);
        assertThat(refused("acl")).isEqualTo(1);
        assertThat(refused("passwords")).isEqualTo(1);
        Files.writeString(acl, "everybody\nallow both bb\n");
        look(files, access);
        assertThat(access.policy().acl().mayPublish(CLIENT, "bb")).isTrue();
        assertThat(refused("acl")).isZero();
        assertThat(changes("acl", "refused")).as("once for each change").isEqualTo(1);
    }

    @Test
    void refusesToStartWithABadFile() throws IOException {
        Files.writeString(acl, "everybody\nallow all\n");
        assertThatThrownBy(this::files)
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining("rules:2: \"all\" is none of publish, subscribe, both");
    }

    private AccessFiles files() throws RefusedFileException {
        return new AccessFiles(
                new AccessConfig(
                        Optional.of(passwords), Optional.of(acl), AccessConfig.Mqtt3DeniedPublish.ACKNOWLEDGE, 1, 1),
                meters);
    }

    private Access access(AccessFiles files) {
        return new Access(files.policy(), AccessConfig.Mqtt3DeniedPublish.ACKNOWLEDGE, Runnable::run, meters);
    }

    /** A change counts when a second look finds it as the first one did. */
    private static void look(AccessFiles files, Access access) {
        files.look(access);
        files.look(access);
    }

    private double changes(String file, String outcome) {
        return meters.get("mqtt_access_file_changes")
                .tags("file", file, "outcome", outcome)
                .counter()
                .count();
    }

    private double refused(String file) {
        return meters.get("mqtt_access_file_refused").tag("file", file).gauge().value();
    }

    private static ScramVerifier verifier() {
        return ScramVerifier.of("secret", 4_096, new SecureRandom());
    }
}
