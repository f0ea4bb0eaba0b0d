package io.meridianmq.fabric.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsHttpTest {

    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics = new Metrics(Place.node("us-east", "a", "1"));
    private final Health health = new Health();
    private final AtomicReference<Optional<String>> whyNotLive = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> whyNotReady = new AtomicReference<>(Optional.empty());
    private final MetricsHttp http;

    MetricsHttpTest() throws IOException {
        http = MetricsHttp.start(ANY_PORT, metrics, health);
    }

    @BeforeAll
    void addChecks() {
        health.live("loops", whyNotLive::get);
        health.ready("directory", whyNotReady::get);
    }

    @AfterAll
    void stop() {
        http.close();
        metrics.close();
        client.close();
    }

    @Test
    void servesPrometheusTextWithThePlaceOnEveryMeter() throws Exception {
        metrics.registry().counter("mqtt.messages", "direction", "in").increment(3);
        var response = get("/metrics", "text/plain");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(response.body())
                .contains("mqtt_messages_total{direction=\"in\",node=\"1\",region=\"us-east\",zone=\"a\"} 3.0")
                .contains("jvm_memory_used_bytes{area=\"heap\"")
                .contains("jvm_threads_live_threads{")
                .contains("process_cpu_usage{")
                .contains("process_files_open_files{");
    }

    @Test
    void servesOpenMetricsToWhoPrefersIt() throws Exception {
        var response = get("/metrics", "application/openmetrics-text;version=1.0.0");
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(response.body()).endsWith("# EOF\n");
    }

    @Test
    void componentsAboveANodeHaveNoNodeLabel() throws Exception {
        try (var gateway = new Metrics(Place.region("us-east"))) {
            gateway.registry().counter("relayed").increment();
            assertThat(gateway.scrape("").text()).asString().contains("relayed_total{region=\"us-east\"} 1.0");
        }
    }

    @Test
    void readinessNamesWhatIsMissing() throws Exception {
        assertThat(get("/health/ready", "*/*").body())
                .isEqualTo("{\"status\":\"up\",\"checks\":[{\"name\":\"loops\",\"status\":\"up\"},"
                        + "{\"name\":\"directory\",\"status\":\"up\"}]}\n");
        whyNotReady.set(Optional.of("etcd at \"127.0.0.1:2379\"\nis away"));
        var response = get("/health/ready", "*/*");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body())
                .isEqualTo(
                        "{\"status\":\"down\",\"checks\":[{\"name\":\"loops\",\"status\":\"up\"},{\"name\":\"directory\","
                                + "\"status\":\"down\",\"reason\":\"etcd at \\\"127.0.0.1:2379\\\"\\u000ais away\"}]}\n");
        assertThat(get("/health/live", "*/*").statusCode()).isEqualTo(200);
        whyNotReady.set(Optional.empty());
    }

    @Test
    void aCheckThatFailsCountsAsDown() {
        var broken = new Health();
        broken.ready("broken", () -> {
            throw new IllegalStateException("boom");
        });
        assertThat(broken.ready().isWell()).isFalse();
        assertThat(broken.ready().json()).contains("the check itself failed: java.lang.IllegalStateException: boom");
    }

    @Test
    void whatIsNotLiveIsNotReadyEither() {
        var dead = new Health();
        dead.live("loops", () -> Optional.of("loop 1 has not turned for 10 s"));
        assertThat(dead.live().isWell()).isFalse();
        assertThat(dead.ready().isWell()).isFalse();
    }

    @Test
    void refusesOtherPathsAndMethods() throws Exception {
        assertThat(get("/metrics/more", "*/*").statusCode()).isEqualTo(404);
        assertThat(get("/", "*/*").statusCode()).isEqualTo(404);
        var post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void namesTheAddressThatIsTaken() {
        assertThatThrownBy(() -> MetricsHttp.start(http.address(), metrics, health))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(http.address().toString());
    }

    private HttpResponse<String> get(String path, String accept) throws Exception {
        var request = HttpRequest.newBuilder(uri(path)).header("Accept", accept).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://" + http.address() + path);
    }
}
