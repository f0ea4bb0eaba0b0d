package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {

    @TempDir
    private Path temporary = Path.of("");

    @Test
    void tailHasTheLastLines() throws IOException {
        var log = new LogFile(temporary.resolve("a.log"));
        Files.writeString(log.path(), "one\ntwo\nthree\n");

        assertThat(log.tail(2)).containsExactly("two", "three");
        assertThat(log.tail(10)).containsExactly("one", "two", "three");
    }

    @Test
    void tailOfAHugeFileReadsItsEndOnly() throws IOException {
        var log = new LogFile(temporary.resolve("a.log"));
        Files.writeString(log.path(), "x".repeat(1_000_000) + "\nlast\n");

        assertThat(log.tail(1)).containsExactly("last");
        assertThat(String.join("", log.tail(100))).hasSizeLessThan(300_000);
    }

    @Test
    void eachStartIsMarkedAndABigFilePutAside() throws IOException {
        var log = new LogFile(temporary.resolve("a.log"));
        log.begin("meridian up");
        Files.writeString(log.path(), "x".repeat(11_000_000), StandardOpenOption.APPEND);
        log.begin("meridian up");

        assertThat(Files.readString(log.path())).startsWith("--- meridian up, ").hasLineCount(1);
        assertThat(temporary.resolve("a.log.1").toFile()).size().isGreaterThan(11_000_000);
    }

    @Test
    void followPrintsWhatIsAdded() throws IOException, InterruptedException {
        var log = new LogFile(temporary.resolve("a.log"));
        Files.writeString(log.path(), "before\n");
        var out = new ByteArrayOutputStream();
        var following = Thread.startVirtualThread(() -> follow(log, out));

        await().untilAsserted(() -> {
            Files.writeString(log.path(), "added\n", StandardOpenOption.APPEND);
            assertThat(out.toString(StandardCharsets.UTF_8)).contains("added\n").doesNotContain("before");
        });
        following.interrupt();
        following.join();
    }

    @Test
    void followEndsWithWhatWasAddedBeforeTheEnd() throws IOException, InterruptedException {
        var log = new LogFile(temporary.resolve("a.log"));
        Files.writeString(log.path(), "before\n");
        var size = log.size();
        Files.writeString(log.path(), "last\n", StandardOpenOption.APPEND);
        var out = new ByteArrayOutputStream();

        log.follow(size, out, () -> true);

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("last\n");
    }

    private static void follow(LogFile log, ByteArrayOutputStream out) {
        try {
            log.follow(log.size(), out, () -> false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
