package io.meridianmq.control.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.control.roster.FakePlatform;
import io.meridianmq.control.roster.Roster;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.http.Chromium;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, with platforms of any size behind it. */
@Tag("server")
class PageTest {

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    @TempDir
    private Path profile;

    @Test
    void drawsTheHierarchyAndWhatHappensToIt() throws IOException {
        var platform = FakePlatform.of(2, 2, 2);
        try (var browser = Chromium.start(profile);
                var roster = Roster.start(platform, InstantSource.system(), LOOK_EVERY)) {
            HostPort address;
            try (var console = Console.start(ANY_PORT, roster, new SimpleMeterRegistry())) {
                address = console.address();
                browser.resize(1400, 900);
                browser.open(URI.create("http://" + address));
                browser.until("document.querySelectorAll('.node.tile[data-state=live]').length === 8");
                showsEverybody(browser);
                showsOneInFull(browser);
                showsWhoIsLostAndWhatIsDown(browser, platform);
                findsAPlace(browser);
                fitsANarrowScreen(browser);
            }
            browser.until("document.querySelector('#connection').dataset.state === 'disconnected'");
            assertThat(browser.count("body.stale .node.tile")).isEqualTo(8);
            try (var again = Console.start(address, roster, new SimpleMeterRegistry())) {
                assertThat(again.address()).isEqualTo(address);
                browser.until("document.querySelector('#connection').dataset.state === 'live'");
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aBigPlatformIsShownInRowsThatUnfold() throws IOException {
        try (var browser = Chromium.start(profile);
                var roster = Roster.start(FakePlatform.of(20, 10, 50), InstantSource.system(), LOOK_EVERY);
                var console = Console.start(ANY_PORT, roster, new SimpleMeterRegistry())) {
            browser.resize(1400, 900);
            browser.open(URI.create("http://" + console.address()));
            browser.until("document.querySelectorAll('.node.cell[data-state=live]').length === 10000");

            assertThat(browser.count(".region.rows")).isEqualTo(20);
            assertThat(browser.count(".node.tile")).isZero();
            browser.evaluate("document.querySelector('[data-fold=\"us-east\"]').click()");
            assertThat(browser.count(".region.rows")).isEqualTo(19);
            browser.evaluate("document.querySelector('[data-fold=\"us-east/c\"]').click()");
            assertThat(browser.count("[data-zone='us-east/c'] .node.tile")).isEqualTo(50);
            assertThat(browser.evaluate("document.documentElement.scrollWidth").getAsInt())
                    .isEqualTo(1400);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static void showsEverybody(Chromium browser) {
        assertThat(browser.text("#connection")).isEqualTo("live");
        assertThat(browser.count(".region")).isEqualTo(2);
        assertThat(browser.count(".zone")).isEqualTo(4);
        assertThat(browser.count(".gateway[data-state=live]")).isEqualTo(1 + 2 + 4);
        assertThat(browser.text("[data-region='us-east'] > .gateway")).contains("4/4 links");
        assertThat(browser.text("[data-place='us-east/a/1']")).contains("connections", "/s");
        assertThat(browser.text("#totals")).contains("Nodes", "4 zones in 2 regions", "all up");
        browser.until("document.querySelectorAll('.wires path[data-link]').length === 2 + 1 + 4 + 2 + 8");
        assertThat(browser.text("#map > .wires")).contains("ms");
        assertThat(browser.evaluate("document.documentElement.scrollHeight").getAsInt())
                .as("fits on one screen")
                .isLessThanOrEqualTo(900);
    }

    private static void showsOneInFull(Chromium browser) {
        browser.evaluate("document.querySelector('[data-place=\"us-east/a/1\"]').click()");
        browser.until("document.querySelector('#details h2')?.textContent === 'us-east/a/1'");
        browser.until("document.querySelectorAll('#details table').length === 3");
        assertThat(browser.text("#details")).contains("mqtt_messages_total", "us-east/a/2", "127.0.0.1:1883");
        browser.evaluate("document.querySelector('#details [data-close]').click()");
        assertThat(browser.count("#details[hidden]")).isEqualTo(1);
    }

    private static void showsWhoIsLostAndWhatIsDown(Chromium browser, FakePlatform platform) {
        platform.lose("us-east/a/1");
        browser.until("document.querySelector('[data-place=\"us-east/a/1\"]').dataset.state === 'lost'");
        assertThat(browser.text("[data-place='us-east/a/1']")).contains("last seen");
        assertThat(browser.text("#problems")).contains("us-east/a/1 is lost");
        assertThat(browser.count(".node.tile[data-state=live]")).isEqualTo(7);

        for (var place : List.of("eu-west/a", "eu-west/a/1", "eu-west/a/2")) {
            platform.lose(place);
        }
        browser.until(
                "document.querySelectorAll('[data-zone=\"eu-west/a\"] .node.tile[data-state=hidden]').length === 2");
        assertThat(browser.text("#problems")).contains("eu-west/a is lost").doesNotContain("eu-west/a/1");

        platform.cutOff("eu-west/b");
        browser.until("document.querySelectorAll('.wires path.down[data-link]').length === 3");
        assertThat(browser.text("#problems")).contains("3 links of eu-west/b are down");
        assertThat(browser.text("[data-zone='eu-west/b'] > .gateway")).contains("0/3");
    }

    private static void findsAPlace(Chromium browser) {
        find(browser, "us-east/b/2");
        assertThat(browser.count(".node.found")).isEqualTo(1);
        assertThat(browser.count(".region:not(.elsewhere)")).isEqualTo(1);
        find(browser, "");
        assertThat(browser.count(".region:not(.elsewhere)")).isEqualTo(2);
    }

    private static void find(Chromium browser, String place) {
        browser.evaluate("(input => { input.value = '" + place
                + "'; input.dispatchEvent(new Event('input')); })(document.querySelector('#find'))");
    }

    private static void fitsANarrowScreen(Chromium browser) {
        browser.resize(360, 800);
        browser.until("document.querySelectorAll('.wires path').length === 0");
        assertThat(browser.evaluate("document.documentElement.scrollWidth").getAsInt())
                .isEqualTo(360);
    }
}
