package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.fabric.http.Chromium;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a browser shows of a platform that runs. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class ConsoleTest {

    private static final String STOPPED = "eu-west/b/2";

    private final LocalPlatform platform;

    @TempDir
    private Path profile;

    ConsoleTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @Test
    void showsThePlatformItsTrafficAndANodeThatIsLostAndComesBack() throws IOException, InterruptedException {
        try (var browser = Chromium.start(profile)) {
            browser.resize(1400, 900);
            browser.open(platform.console());
            browser.until("document.querySelectorAll('.node.tile[data-state=live]').length === 8");
            browser.until("document.querySelectorAll('.gateway[data-state=live]').length === 1 + 2 + 4");
            browser.until("document.querySelectorAll('.wires path.down').length === 0");
            assertThat(browser.text("[data-region='us-east'] > .gateway")).contains("4/4 links");

            showsTraffic(browser);
            var stopped = platform.member("node", STOPPED);
            try {
                stopped.signal("STOP");
                browser.until("document.querySelector('[data-place=\"" + STOPPED + "\"]').dataset.state === 'lost'");
                assertThat(browser.text("[data-place='" + STOPPED + "']")).contains("last seen");
                assertThat(browser.text("#problems")).contains(STOPPED + " is lost");
            } finally {
                stopped.signal("CONT");
            }
            browser.until("document.querySelectorAll('.node.tile[data-state=live]').length === 8");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private void showsTraffic(Chromium browser) {
        var enough = new AtomicBoolean();
        try (var device = platform.connect("us-east/a/1");
                var publishing = Executors.newVirtualThreadPerTaskExecutor()) {
            device.subscribe("console/#", MqttQos.AT_MOST_ONCE);
            publishing.execute(() -> {
                var pace = new Pace(Duration.ofMillis(10));
                while (!enough.get()) {
                    var _ = device.send("console/1", MqttQos.AT_MOST_ONCE, "");
                    pace.await();
                }
            });
            try {
                var tile = "document.querySelector('[data-place=\"us-east/a/1\"]')";
                browser.until("parseInt(" + tile + ".querySelector('.rates b').textContent) > 50");
                browser.until("parseInt(" + tile + ".querySelector('.big').textContent) >= 1");
            } finally {
                enough.set(true);
            }
        }
    }
}
