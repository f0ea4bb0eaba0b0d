package io.meridianmq.control.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import io.meridianmq.control.roster.FakePlatform;
import io.meridianmq.control.roster.Roster;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.http.HttpPort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The console over HTTP. */
class ConsoleTest {

    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    private final Roster roster = Roster.start(FakePlatform.of(2, 2, 2), InstantSource.system(), Duration.ofMillis(20));
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Console console;

    ConsoleTest() throws IOException {
        console = Console.start(new HostPort("127.0.0.1", 0), roster, meters);
    }

    @AfterEach
    void stop() {
        console.close();
        roster.close();
        client.close();
    }

    @Test
    void servesThePageAndEveryFileThatItLoads() throws Exception {
        var page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(LOADED.matcher(page.body()).results().map(found -> found.group(1)))
                .contains("console.js", "console.css", "icon.svg")
                .allSatisfy(file -> assertThat(get("/" + file).statusCode()).isEqualTo(200));
    }

    @Test
    void everyAnswerConfinesThePageToItself() throws Exception {
        for (var path : List.of("/", "/console.js", "/component?place=us-east")) {
            var headers = get(path).headers();
            assertThat(headers.firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                            .doesNotContain("unsafe"));
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
        }
    }

    @Test
    void watchersGetASnapshotAtOnceAndAgainAndAgain() throws Exception {
        try (var stream = watch().body();
                var lines = new Scanner(stream, StandardCharsets.UTF_8)) {
            assertThat(lines.nextLine()).isEqualTo("retry: 250");
            assertThat(lines.nextLine()).isEmpty();
            for (var event = 0; event < 3; event++) {
                var data = lines.nextLine();
                assertThat(data).startsWith("data: {");
                assertThat(JsonParser.parseString(data.substring(6))
                                .getAsJsonObject()
                                .getAsJsonArray("components"))
                        .hasSize(1 + 2 + 4 + 8);
                assertThat(lines.nextLine()).isEmpty();
            }
        }
    }

    @Test
    void aStreamEndsInTimeSoThatTheBrowserOpensTheNext() throws Exception {
        try (var http = HttpPort.open(new HostPort("127.0.0.1", 0))) {
            http.serve("/events", new SnapshotStream(roster, new SimpleMeterRegistry(), Duration.ofSeconds(2)));
            var address = URI.create("http://" + http.address() + "/events");

            var stream = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());

            assertThat(stream.body().lines().filter(line -> line.startsWith("data: ")))
                    .hasSizeGreaterThan(1);
        }
        assertThat(SnapshotStream.STREAM_MAX).isLessThan(Duration.ofSeconds(HttpPort.ANSWER_SECONDS_MAX));
    }

    @Test
    void noMoreWatchersThanMayAndTheirPlacesComeFree() throws Exception {
        var watching = new ArrayList<InputStream>();
        for (var watcher = 0; watcher < SnapshotStream.WATCHERS_MAX; watcher++) {
            watching.add(watch().body());
        }
        assertThat(meters.get("meridian.console.watchers").gauge().value()).isEqualTo(SnapshotStream.WATCHERS_MAX);

        try (var refused = watch().body()) {
            assertThat(new String(refused.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("watch already");
        }
        assertThat(meters.get("meridian.console.watchers.refused").counter().count())
                .isEqualTo(1);

        for (var stream : watching) {
            stream.close();
        }
        await().until(() -> {
            var again = watch();
            again.body().close();
            return again.statusCode() == 200;
        });
    }

    @Test
    void tellsAllThatIsKnownOfOneComponent() throws Exception {
        var response = get("/component?place=us-east%2Fa%2F1");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(JsonParser.parseString(response.body())
                        .getAsJsonObject()
                        .get("place")
                        .getAsString())
                .isEqualTo("us-east/a/1");
        assertThat(get("/component?place=us-east/a/1").body()).startsWith("{\"place\":\"us-east/a/1\"");
    }

    @Test
    void refusesWhatIsNoPlaceNoPathOrNoReading() throws Exception {
        assertThat(get("/component").statusCode()).isEqualTo(400);
        assertThat(get("/component?place=%3Cscript%3E").statusCode()).isEqualTo(400);
        assertThat(get("/component?place=%FF").statusCode()).isEqualTo(400);
        assertThat(get("/component?place=mars").statusCode()).isEqualTo(404);
        assertThat(get("/console.js/../secret").statusCode()).isEqualTo(404);
        assertThat(get("/package-info.class").statusCode()).isEqualTo(404);
        var post = request("/").POST(HttpRequest.BodyPublishers.ofString("x")).build();
        assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void namesTheAddressThatIsTaken() {
        assertThatThrownBy(() -> Console.start(console.address(), roster, meters))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the console on " + console.address());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpResponse<InputStream> watch() throws IOException, InterruptedException {
        return client.send(request("/events").build(), BodyHandlers.ofInputStream());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + console.address() + path));
    }
}
