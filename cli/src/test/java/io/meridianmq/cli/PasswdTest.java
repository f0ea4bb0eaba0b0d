package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.fabric.access.Passwords;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PasswdTest {

    @TempDir
    private Path folder = Path.of(".");

    private record Outcome(int exitCode, String err) {}

    @Test
    void createsUpdatesAndDeletesAUser() throws Exception {
        var file = folder.resolve("passwords");
        assertThat(run("secret\n", "create", "alice").exitCode()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(matches(file, "secret")).isTrue();
        assertThat(run("other", "update", "alice").exitCode()).isZero();
        assertThat(matches(file, "secret")).isFalse();
        assertThat(matches(file, "other")).isTrue();
        assertThat(run("", "delete", "alice").exitCode()).isZero();
        assertThat(Passwords.read(file).size()).isZero();
    }

    @Test
    void refusesAUserWhoIsThereOrIsNot() {
        run("secret\n", "create", "alice");
        assertThat(run("x\n", "create", "alice"))
                .satisfies(outcome -> assertThat(outcome.exitCode()).isEqualTo(1))
                .satisfies(outcome -> assertThat(outcome.err()).contains("\"alice\"", "already", "passwd update"));
        for (var command : List.of("update", "delete")) {
            assertThat(run("x\n", command, "bob"))
                    .satisfies(outcome -> assertThat(outcome.exitCode()).isEqualTo(1))
                    .satisfies(outcome -> assertThat(outcome.err()).contains("no user \"bob\"", "passwd create"));
        }
    }

    @Test
    void refusesABadNamePasswordOrFile() throws Exception {
        assertThat(run("x\n", "create", "a:b").exitCode()).isEqualTo(2);
        assertThat(run("\n", "create", "alice").err()).contains("the password is empty");
        assertThat(run("x\n", "create", "alice", "--iterations", "1").err()).contains("allowed is 4096 to 10000000");
        assertThat(folder).isEmptyDirectory();
        Files.writeString(folder.resolve("passwords"), "alice:plain\n");
        assertThat(run("x\n", "create", "bob").err()).contains("passwords:1: expected SCRAM-SHA-256$");
    }

    @Test
    void asksUntilBothAnswersAreTheSame() {
        var answers = List.of("a", "b", "c", "c").iterator();
        assertThat(Passwd.typedTwice(_ -> answers.next().toCharArray())).isEqualTo("c");
        var never = Stream.iterate(0, i -> i + 1).iterator();
        assertThatThrownBy(() -> Passwd.typedTwice(_ -> ("" + never.next()).toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing is changed");
    }

    private static boolean matches(Path file, String password) throws Exception {
        return Passwords.read(file).of("alice").orElseThrow().matches(password);
    }

    private Outcome run(String input, String command, String user, String... more) {
        var arguments = new ArrayList<>(List.of(
                "passwd", command, user, "--file", folder.resolve("passwords").toString()));
        if (!command.equals("delete")) {
            arguments.add("--batch");
            arguments.addAll(more.length > 0 ? List.of(more) : List.of("--iterations", "4096"));
        }
        var before = System.in;
        var err = new StringWriter();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            var exitCode =
                    Main.commandLine().setErr(new PrintWriter(err, true)).execute(arguments.toArray(String[]::new));
            return new Outcome(exitCode, err.toString());
        } finally {
            System.setIn(before);
        }
    }
}
