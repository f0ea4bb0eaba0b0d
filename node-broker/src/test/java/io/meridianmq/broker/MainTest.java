package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: what it says and with which code it ends when it cannot start. */
final class MainTest {

    @TempDir
    private Path folder;

    private record Ended(int exitCode, String output) {}

    @Test
    void saysWhichPortIsTaken() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ended = run(
                    "--port",
                    "" + taken.getLocalPort(),
                    "--data",
                    folder.resolve("data").toString());
            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.output())
                    .contains("cannot listen for clients on 127.0.0.1:" + taken.getLocalPort())
                    .contains("port is taken");
        }
    }

    @Test
    void namesTheLineOfABadKey() throws Exception {
        var file = Files.writeString(
                folder.resolve("broker.yaml"), "listeners:\n  - tcp: 127.0.0.1:0\n    proxy-protokol: true\n");
        var ended = run("--config", file.toString(), "--check-config");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output())
                .contains("broker.yaml:3")
                .contains("did you mean")
                .contains("proxy-protocol");
    }

    @Test
    void namesTheLineOfABadRuleAndDoesNotStart() throws Exception {
        var acl = Files.writeString(folder.resolve("rules.acl"), "everybody\nallow subscrib news/#\n");
        var file = Files.writeString(
                folder.resolve("broker.yaml"), "listeners: [{tcp: 127.0.0.1:0}]\naccess: {acl: %s}\n".formatted(acl));
        for (var arguments : List.of(List.of("--check-config"), List.of("--data", folder.toString()))) {
            var ended = run(Stream.concat(Stream.of("--config", file.toString()), arguments.stream())
                    .toArray(String[]::new));
            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.output())
                    .contains("broker.yaml:2:15: access.acl names a file that cannot be used")
                    .contains(
                            "rules.acl:2: \"subscrib\" is none of publish, subscribe, both: did you mean \"subscribe\"?");
        }
    }

    @Test
    void wantsPasswordsWhereNobodyIsLetInWithoutOne() throws Exception {
        var file = Files.writeString(folder.resolve("broker.yaml"), "connection: {anonymous: false}\n");
        var ended = run("--config", file.toString(), "--check-config");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).contains("access.passwords is missing: nobody can connect");
    }

    @Test
    void showsWhatIsInForce() throws Exception {
        var ended = run("--check-config");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).contains("session.queued-messages-max = 1000");
    }

    @Test
    void refusesDataOfANewerVersion() throws Exception {
        var data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("format"), "node-broker 99\n");
        var ended = run("--port", "0", "--data", data.toString());
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).contains("newer version");
    }

    @Test
    void explainsAnUnknownOption() throws Exception {
        var ended = run("--prot", "1883");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).contains("unknown option \"--prot\"");
    }

    private static Ended run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }
}
