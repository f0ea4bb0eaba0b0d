package io.meridianmq.fabric.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PasswordFileTest {

    private final ScramVerifier one = ScramVerifier.of("one", 4_096, new SecureRandom());
    private final ScramVerifier two = ScramVerifier.of("two", 4_096, new SecureRandom());

    @TempDir
    private Path folder = Path.of(".");

    private Path path = folder;

    @BeforeEach
    void name() {
        path = folder.resolve("passwords");
    }

    @Test
    void addsReplacesAndRemovesUsersAndKeepsOtherLines() throws Exception {
        Files.writeString(path, "# people\n\nalice:" + one.text() + "\n");
        var file = new PasswordFile(path);
        file.put("bob", one);
        file.put("alice", two);
        assertThat(Files.readString(path)).isEqualTo("# people\n\nalice:" + two.text() + "\nbob:" + one.text() + "\n");
        var read = Passwords.read(path);
        assertThat(read.of("alice")).contains(two);
        assertThat(read.of("carol")).isEmpty();
        file.remove("alice");
        file.remove("carol");
        assertThat(Files.readString(path)).isEqualTo("# people\n\nbob:" + one.text() + "\n");
        assertThat(file.has("alice")).isFalse();
        assertThat(file.has("bob")).isTrue();
    }

    @Test
    void isForItsOwnerAloneAndLeavesNothingElse() throws Exception {
        new PasswordFile(path).put("alice", one);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        new PasswordFile(path).put("alice", two);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void replacesWhatASymbolicLinkLeadsTo() throws Exception {
        new PasswordFile(path).put("alice", one);
        var link = Files.createSymbolicLink(folder.resolve("link"), path);
        new PasswordFile(link).put("alice", two);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(Passwords.read(path).of("alice")).contains(two);
    }

    @Test
    void refusesAFileWithABadLineAsAWhole() throws IOException {
        expect("alice:" + one.text() + "\nbob\n", "passwords:2: expected user:verifier");
        expect("\n# x\nbob:secret\n", "passwords:3: expected SCRAM-SHA-256$");
        expect("a:" + one.text() + "\na:" + two.text() + "\n", "passwords:2: user \"a\" is there twice");
        expect(":" + one.text() + "\n", "passwords:1: a user name has 1 to");
        expect("\u2168:" + one.text() + "\n", "passwords:1: the user name is not in its normal form");
        Files.write(path, new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> Passwords.read(path)).hasMessageEndingWith("passwords: is not UTF-8");
        Files.delete(path);
        assertThatThrownBy(() -> Passwords.read(path)).hasMessageEndingWith("there is no such file");
    }

    private void expect(String text, String problem) throws IOException {
        Files.writeString(path, text);
        assertThatThrownBy(() -> Passwords.read(path))
                .isInstanceOf(RefusedFileException.class)
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> new PasswordFile(path).put("carol", one)).isInstanceOf(RefusedFileException.class);
        assertThat(Files.readString(path)).isEqualTo(text);
    }
}
