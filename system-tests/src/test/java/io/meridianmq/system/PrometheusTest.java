package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.fabric.config.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Prometheus finds every process of a platform, with the configuration that the documentation recommends. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class PrometheusTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int MESSAGES = 200;
    private static final String DURATION_P99 = "histogram_quantile(0.99, sum by (le, region)"
            + " (rate(mqtt_message_delivery_duration_seconds_bucket{region=\"us-east\"}[1m])))";

    private final LocalPlatform platform;
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    PrometheusTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @AfterEach
    void stop() {
        client.close();
    }

    @Test
    void scrapesEveryProcessAndSeesMessages() throws IOException, InterruptedException {
        assumeTrue(CommandLine.isInstalled("prometheus"), "prometheus is not installed");
        var port = FreePort.next().port();
        var prometheus = start(port);
        try {
            var api = "http://127.0.0.1:" + port + "/api/v1/";
            eventually()
                    .untilAsserted(() -> assertThat(healthOfTargets(api))
                            .hasSize(platform.deployables().size())
                            .containsOnly("up"));
            eventually()
                    .untilAsserted(() -> assertThat(value(
                                    api,
                                    "up{job=\"meridian\",kind=\"node\",instance=\"us-east/a/1\",region=\"us-east\",zone=\"a\","
                                            + "node=\"1\"}"))
                            .containsExactly(1.0));
            eventually()
                    .untilAsserted(() -> assertThat(value(api, "count by (kind) (up{kind=\"zone-gateway\"})"))
                            .containsExactly(4.0));

            var before = value(api, "sum(mqtt_messages_total)").getFirst();
            publish();
            eventually()
                    .untilAsserted(() -> assertThat(
                                    value(api, "sum(mqtt_messages_total)").getFirst())
                            .isGreaterThanOrEqualTo(before + MESSAGES));
            eventually()
                    .untilAsserted(() -> assertThat(value(api, "sum(mqtt_messages_delivered_locally)")
                                    .getFirst())
                            .isGreaterThanOrEqualTo(MESSAGES));
            eventually()
                    .untilAsserted(() -> assertThat(value(api, DURATION_P99))
                            .singleElement()
                            .satisfies(seconds -> assertThat(seconds).isBetween(0.0, 10.0)));
        } finally {
            prometheus.destroy();
            prometheus.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void publish() {
        try (var device = platform.connect("us-east/a/1")) {
            device.subscribe("prometheus/#", MqttQos.AT_MOST_ONCE);
            for (var message = 0; message < MESSAGES; message++) {
                device.publish("prometheus/1", MqttQos.AT_LEAST_ONCE, "");
            }
        }
    }

    private Process start(int port) throws IOException {
        var config = folder.resolve("prometheus.yml");
        Files.writeString(config, recommendedConfig());
        return new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    /** The one in the documentation, for this platform and in a hurry. */
    private String recommendedConfig() throws IOException {
        var document = Files.readString(Path.of("../docs/operating.md"));
        var from = document.indexOf("scrape_configs:");
        var config = document.substring(from, document.indexOf("```", from));
        var discovery = platform.member("global-control", "global").metrics();
        assertThat(config).contains("127.0.0.1:20005", "15s");
        return config.replace("127.0.0.1:20005", discovery.getAuthority()).replace("15s", "1s");
    }

    private List<String> healthOfTargets(String api) throws IOException, InterruptedException {
        return stream(get(URI.create(api + "targets?state=active")), "activeTargets")
                .map(target -> target.get("health").getAsString())
                .toList();
    }

    /** The values of an instant query, one for each series. */
    private List<Double> value(String api, String query) throws IOException, InterruptedException {
        var encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
        return stream(get(URI.create(api + "query?query=" + encoded)), "result")
                .map(series -> series.getAsJsonArray("value").get(1).getAsDouble())
                .toList();
    }

    private static Stream<JsonObject> stream(JsonObject data, String name) {
        return data.getAsJsonArray(name).asList().stream().map(JsonElement::getAsJsonObject);
    }

    private JsonObject get(URI address) throws IOException, InterruptedException {
        var answer = client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        return JsonParser.parseString(answer.body()).getAsJsonObject().getAsJsonObject("data");
    }

    private static ConditionFactory eventually() {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).ignoreException(IOException.class);
    }
}
