package io.meridianmq.broker.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Feeds the decoder with what Jazzer makes of the bytes in the tables of these tests, guided by the branches that it takes;
 * {@code -Dmeridian.fuzz.seconds} says for how long. What it finds, it prints as bytes in Base64.
 */
final class DecoderFuzzTest {

    private static final int SECONDS = Integer.getInteger("meridian.fuzz.seconds", 60);

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS) // It ends by itself, when it was told to.
    void onlyRefusesWhateverComes() throws IOException, InterruptedException {
        var corpus = Files.createDirectory(folder.resolve("corpus"));
        var seeds = 0;
        for (var row : PacketTableTest.rows().toList()) {
            seed(corpus, seeds++, DecoderFuzz.kind(row.sender(), row.version()), row.bytes());
        }
        for (var row : RefusedPacketTest.rows().toList()) {
            seed(corpus, seeds++, DecoderFuzz.kind(row.sender(), row.version()), row.bytes());
        }
        var output = folder.resolve("output");
        var fuzzer = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+EnableDynamicAgentLoading",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + DecoderFuzz.class.getName(),
                        "--instrumentation_includes=io.meridianmq.broker.**:io.meridianmq.topic.**",
                        "--custom_hook_includes=io.meridianmq.**",
                        "--reproducer_path=" + folder,
                        "-artifact_prefix=" + folder + "/",
                        "-max_total_time=" + SECONDS,
                        "-max_len=4096",
                        "-timeout=10",
                        "-rss_limit_mb=2048",
                        corpus.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .directory(folder.toFile())
                .start();
        try {
            assertThat(fuzzer.waitFor(SECONDS + 120L, TimeUnit.SECONDS)).isTrue();
        } finally {
            fuzzer.destroyForcibly();
        }
        var said = Files.readString(output, UTF_8);
        System.out.println(said.lines()
                .filter(line -> line.contains("DONE") || line.contains("Done"))
                .toList());
        assertThat(fuzzer.exitValue()).as(said).isZero();
        assertThat(said).as("it ran").contains("Done ");
    }

    private static void seed(Path corpus, int number, byte kind, String bytes) throws IOException {
        var packet = Bytes.parse(bytes);
        var input = new byte[packet.length + 1];
        input[0] = kind;
        System.arraycopy(packet, 0, input, 1, packet.length);
        Files.write(corpus.resolve("" + number), input);
    }
}
