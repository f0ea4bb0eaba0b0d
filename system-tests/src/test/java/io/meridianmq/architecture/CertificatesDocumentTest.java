package io.meridianmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.Credentials;
import io.meridianmq.fabric.tls.CredentialsException;
import io.meridianmq.fabric.tls.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/operating.md} make certificates that components accept. */
@Tag("server")
class CertificatesDocumentTest {

    private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void commandsMakeCredentialsOfThePlace() throws IOException, InterruptedException, CredentialsException {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "openssl"))),
                "openssl is not installed");
        var output = folder.resolve("output");
        var shell = new ProcessBuilder("sh", "-e", "-c", commands())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(shell.exitValue()).as(Files.readString(output)).isZero();

        var credentials = Credentials.load(
                folder.resolve("us-east.a.1.pem"),
                folder.resolve("us-east.a.1.key"),
                folder.resolve("authority.pem"),
                Instant.now());
        assertThat(credentials.identity()).isEqualTo(new Identity.Component(Place.parse("us-east/a/1")));
    }

    private static String commands() {
        var text = Sources.text(Sources.ROOT.resolve("docs/operating.md"));
        var from = text.indexOf("\n## Certificates\n");
        var section = text.substring(from, text.indexOf("\n## ", from + 1));
        return COMMANDS.matcher(section)
                .results()
                .map((MatchResult block) -> block.group(1))
                .collect(Collectors.joining());
    }
}
