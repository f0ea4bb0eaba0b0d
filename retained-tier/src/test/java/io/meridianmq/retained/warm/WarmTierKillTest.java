package io.meridianmq.retained.warm;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.clock.HybridClock;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was acknowledged survives {@code kill -9} at any instant, in every mode of durability. */
class WarmTierKillTest {

    private static final int ACKNOWLEDGED_BEFORE_KILL = 1_500;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"always", "os", "interval"})
    @Timeout(240)
    void everythingAcknowledgedIsThereAfterKill(String durability) throws Exception {
        var newest = new HashMap<String, Long>();
        for (var round = 0; round < 2; round++) {
            writeAndKill(durability).forEach((topic, number) -> newest.merge(topic, number, Math::max));
            try (var tier =
                    WarmTier.open(WarmFixtures.settings(folder), () -> Instant.ofEpochMilli(WarmFixtures.NOW))) {
                newest.forEach((topic, number) -> assertThat(HybridClock.millisOf(
                                tier.get(topic).orElseThrow().timestamp()))
                        .as(topic)
                        .isGreaterThanOrEqualTo(number));
            }
        }
    }

    /** The highest number acknowledged for each topic. */
    private Map<String, Long> writeAndKill(String durability) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        folder.toString(),
                        durability)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            var newest = new HashMap<String, Long>();
            var count = 0;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (isWhole(line)) {
                    var number = Long.parseLong(line.substring(line.indexOf(' ') + 1));
                    newest.merge(KilledWriter.topic(number), number, Math::max);
                    count++;
                }
                if (count == ACKNOWLEDGED_BEFORE_KILL) {
                    // Not Process.destroyForcibly: that would drop what the process had printed.
                    process.toHandle().destroyForcibly();
                }
            }
            process.waitFor();
            assertThat(count).isGreaterThanOrEqualTo(ACKNOWLEDGED_BEFORE_KILL);
            return newest;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The last line may be cut off, and then reads as a smaller number, which was acknowledged earlier all the same. */
    private static boolean isWhole(String line) {
        return line.matches("(STORED|SUPERSEDED) \\d+");
    }
}
