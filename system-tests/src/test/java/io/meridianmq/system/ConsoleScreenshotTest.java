package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.fabric.http.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private static final int DEVICES_PER_NODE_MAX = 40;
    private static final Duration BUSY = Duration.ofSeconds(65);
    private static final int BYTES_MAX = 300 * 1024;

    @TempDir
    private Path profile;

    @BeforeAll
    static void requirePrograms() {
        SharedPlatform.requirePrograms();
    }

    @Test
    void takesPicturesOfABusyPlatform() throws IOException, InterruptedException {
        var folder = Path.of(System.getenv().getOrDefault("SCREENSHOTS", ""));
        var random = new Random(7);
        var devices = new ArrayList<Device>();
        try (var browser = Chromium.start(profile);
                var platform = LocalPlatform.start(List.of("--wan-delay", "40ms"));
                var publishing = Executors.newVirtualThreadPerTaskExecutor()) {
            browser.resize(1400, 640);
            browser.open(platform.console());
            var stop = new AtomicBoolean();
            for (var node : platform.nodes()) {
                for (var number = random.nextInt(DEVICES_PER_NODE_MAX / 2, DEVICES_PER_NODE_MAX);
                        number > 0;
                        number--) {
                    var device = platform.connect(node);
                    devices.add(device);
                    var line = random.nextInt(8);
                    device.subscribe("line/" + line + "/+/speed", MqttQos.AT_MOST_ONCE);
                    var every = Duration.ofMillis(random.nextInt(200, 1_200));
                    publishing.execute(() -> publish(device, line, every, stop));
                }
            }
            Thread.sleep(BUSY);
            for (var colours : List.of("light", "dark")) {
                browser.prefer(colours);
                browser.until("matchMedia('(prefers-color-scheme: " + colours + ")').matches");
                var picture = browser.screenshot();
                assertThat(picture).hasSizeLessThan(BYTES_MAX);
                Files.write(folder.resolve("console-" + colours + ".png"), picture);
            }
            stop.set(true);
            assertThat(browser.complaints()).isEmpty();
        } finally {
            devices.forEach(Device::close);
        }
    }

    private static void publish(Device device, int line, Duration every, AtomicBoolean stop) {
        var pace = new Pace(every);
        for (var message = 0; !stop.get(); message++) {
            var _ = device.send("line/" + line + "/" + message % 4 + "/speed", MqttQos.AT_MOST_ONCE, "12.5");
            pace.await();
        }
    }
}
