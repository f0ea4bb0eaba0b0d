package io.meridianmq.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchScriptTest {

    private static final Path SCRIPTS = Path.of("src/main/bin").toAbsolutePath();
    private static final Path MERIDIAN = Path.of("../meridian").toAbsolutePath().normalize();

    @TempDir
    private Path temporary = Path.of("");

    private record Outcome(int exitCode, String out, String err) {}

    @Test
    void jdkOfJavaHomeIsUsed() throws IOException, InterruptedException {
        var jdk = jdk("mine", "25.0.3");

        assertThat(run(Map.of("JAVA_HOME", jdk.toString()), SCRIPTS.resolve("find-jdk"))
                        .out())
                .isEqualTo(jdk + "\n");
    }

    @Test
    void olderJdkIsPassedOverForOneInTheUsualFolders() throws IOException, InterruptedException {
        var environment = Map.of(
                "JAVA_HOME",
                jdk("old", "17.0.15").toString(),
                "JDK_FOLDERS",
                temporary.resolve("a") + ":" + temporary.resolve("b"));
        jdk("a/twenty-one", "21.0.1");
        var newEnough = jdk("b/twenty-six", "26");

        assertThat(run(environment, SCRIPTS.resolve("find-jdk")).out()).isEqualTo(newEnough + "\n");
    }

    /** As where user data runs. */
    @Test
    void jdkIsFoundWithoutAHomeFolder() throws IOException, InterruptedException {
        var environment = Map.of("JAVA_HOME", jdk("mine", "25").toString());
        var findJdk = SCRIPTS.resolve("find-jdk").toString();

        var outcome = run(environment, Path.of("/usr/bin/env"), "-u", "HOME", "-u", "JDK_FOLDERS", findJdk);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).isEqualTo(temporary.resolve("mine") + "\n");
    }

    @Test
    void withoutAJdkOneLineSaysWhatToDo() throws IOException, InterruptedException {
        var environment = Map.of("JAVA_HOME", jdk("old", "17.0.15").toString(), "JDK_FOLDERS", "");

        for (var command : List.of("status", "test")) {
            var outcome = run(environment, MERIDIAN, command);
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.err()).hasLineCount(1).contains("JDK 25", "JAVA_HOME");
            assertThat(outcome.out()).isEmpty();
        }
    }

    @Test
    void wrongTestOptionsExitWith2() throws IOException, InterruptedException {
        var environment = Map.of("JAVA_HOME", jdk("mine", "25").toString());

        assertThat(run(environment, MERIDIAN, "test", "--only", "NoSuchClass").exitCode())
                .isEqualTo(2);
        assertThat(run(environment, MERIDIAN, "test", "--only").exitCode()).isEqualTo(2);
        assertThat(run(environment, MERIDIAN, "test", "--seed", "x").exitCode()).isEqualTo(2);
        assertThat(run(environment, MERIDIAN, "test", "--slow").err()).contains("unknown option --slow", "--fast");
    }

    @Test
    void missingProgramsAreInstalledForRootAndTheServiceIsStopped() throws IOException, InterruptedException {
        var log = temporary.resolve("log");
        program("id", "echo 0");
        for (var each : List.of("apt-get", "systemctl", "service", "update-rc.d")) {
            program(each, "echo " + each + " \"$@\" >> " + log);
        }

        var outcome = run(withPrograms(), SCRIPTS.resolve("debian-packages"), "no-such-etcd=etcd-server", "sh=dash");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("installing from Debian's packages: etcd-server", "stopped and disabled");
        assertThat(log)
                .content()
                .contains("apt-get install --yes --no-install-recommends etcd-server\n")
                .containsAnyOf("service etcd stop", "systemctl --quiet disable --now etcd")
                .doesNotContain("dash");
    }

    @Test
    void missingProgramsAreNamedWithTheCommandForOtherUsers() throws IOException, InterruptedException {
        program("id", "echo 1000");
        program("apt-get", "exit 1");

        var outcome = run(withPrograms(), SCRIPTS.resolve("debian-packages"), "no-such-etcd=etcd-server");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("sudo apt-get install --yes --no-install-recommends etcd-server");
    }

    /** A folder that looks like a JDK of this version. */
    private Path jdk(String name, String version) throws IOException {
        var home = temporary.resolve(name);
        executable(Files.createDirectories(home.resolve("bin")).resolve("javac"), "exit 1");
        executable(home.resolve("bin/java"), "exit 1");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private void program(String name, String script) throws IOException {
        executable(Files.createDirectories(temporary.resolve("programs")).resolve(name), script);
    }

    private Map<String, String> withPrograms() {
        return Map.of("PATH", temporary.resolve("programs") + ":/usr/bin:/bin");
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Outcome run(Map<String, String> environment, Path script, String... arguments)
            throws IOException, InterruptedException {
        var out = temporary.resolve("out");
        var err = temporary.resolve("err");
        var builder = new ProcessBuilder(script.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.command().addAll(List.of(arguments));
        // Only what each test names: the machine's own JDKs must not help.
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/bin:/bin");
        builder.environment().put("HOME", temporary.toString());
        builder.environment().put("JDK_FOLDERS", "");
        builder.environment().putAll(environment);
        var exitCode = builder.start().waitFor();
        return new Outcome(
                exitCode, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
