package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.fabric.http.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Takes the pictures of the console that the README shows, if {@code SCREENSHOTS} names a folder for them. */
@Tag("server")
@EnabledIfEnvironmentVariable(
        named = "SCREENSHOTS",
        matches = ".+",
        disabledReason = "pictures are taken only if SCREENSHOTS names a folder for them")
class ConsoleScreenshotTest {

    private static final int DEVICES = 400;
    private static final Duration FLEET_RUNS = Duration.ofSeconds(60);

    /** The curves of the last minute have something to show: they have a point for each second. */
    private static final String CURVES_ARE_LONG =
            "[...document.querySelectorAll('.spark path')].some(path => path.getAttribute('d')?.split('L').length > 45)";

    private static final int BYTES_MAX = 300 * 1024;

    @TempDir
    private Path profile;

    @BeforeAll
    static void requirePrograms() {
        SharedPlatform.requirePrograms();
    }

    @Test
    void takesPicturesOfAPlatformWithAFleet() throws IOException, InterruptedException, ExecutionException {
        var folder = Path.of(System.getenv().getOrDefault("SCREENSHOTS", ""));
        try (var browser = Chromium.start(profile);
                var platform = LocalPlatform.start(List.of("--wan-delay", "40ms"));
                var beside = Executors.newVirtualThreadPerTaskExecutor()) {
            browser.resize(1400, 640);
            browser.open(platform.console());
            var fleet = beside.submit(() -> platform.meridian(
                    "fleet",
                    "--devices",
                    String.valueOf(DEVICES),
                    "--rate",
                    String.valueOf(DEVICES),
                    "--duration",
                    FLEET_RUNS.toSeconds() + "s"));
            browser.until(CURVES_ARE_LONG, FLEET_RUNS);
            for (var colours : List.of("light", "dark")) {
                browser.prefer(colours);
                browser.until("matchMedia('(prefers-color-scheme: " + colours + ")').matches");
                var picture = browser.screenshot();
                assertThat(picture).hasSizeLessThan(BYTES_MAX);
                Files.write(folder.resolve("console-" + colours + ".png"), picture);
            }
            assertThat(fleet.get().exitCode()).isZero();
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
