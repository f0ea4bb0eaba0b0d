package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.system.LocalPlatform.Member;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The tables of {@code docs/metrics.md} have every metric that a running platform serves, with its type, and no other. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class MetricsDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/metrics.md");

    /** The chapters that tell of the metrics of a kind of process. */
    private static final Map<String, Set<String>> CHAPTERS = Map.of(
            "node",
            Set.of(
                    "Nodes: clients and messages",
                    "Nodes: their part in the zone",
                    "Nodes: opens and claims",
                    "Nodes and gateways",
                    "All processes"),
            "zone-gateway",
            Set.of("Gateways", "Nodes and gateways", "All processes"),
            "region-gateway",
            Set.of("Gateways", "Nodes and gateways", "All processes"),
            "global-control",
            Set.of("global-control", "All processes"));

    /** {@code | `name{label}` | type | what |}. */
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)(?:\\{[\\w,]+})?` \\| (\\w+) \\| (.*) \\|");

    private static final Pattern TYPE = Pattern.compile("# TYPE ((?:mqtt|meridian)_\\w+) (\\w+)");

    private final LocalPlatform platform;

    MetricsDocumentTest(LocalPlatform platform) {
        this.platform = platform;
    }

    private record Row(String chapter, String name, String type, boolean fromFirst) {}

    @Test
    void everyMetricIsDescribedAndWhatIsDescribedIsServed() throws IOException, InterruptedException {
        var rows = rows();
        for (var place : List.of("us-east/a/1", "us-east/a", "us-east", "global")) {
            var process = platform.deployables().stream()
                    .filter(member -> member.place().equals(place))
                    .findFirst()
                    .orElseThrow();
            var served = served(process);
            var described = new TreeMap<String, String>();
            rows.stream()
                    .filter(row ->
                            CHAPTERS.getOrDefault(process.kind(), Set.of()).contains(row.chapter()))
                    .filter(row -> !row.fromFirst() || served.containsKey(row.name()))
                    .forEach(row -> described.put(row.name(), row.type()));

            assertThat(served).as("metrics of %s", process.name()).isEqualTo(described);
        }
    }

    private static List<Row> rows() throws IOException {
        var chapter = new StringBuilder();
        return Files.readAllLines(DOCUMENT).stream()
                .peek(line -> {
                    if (line.startsWith("## ")) {
                        chapter.setLength(0);
                        chapter.append(line.substring(3));
                    }
                })
                .map(ROW::matcher)
                .filter(row -> row.matches())
                .map(row -> new Row(
                        chapter.toString(),
                        row.group(1),
                        row.group(2),
                        row.group(3).startsWith("*first*")))
                .toList();
    }

    private static Map<String, String> served(Member process) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var text = client.send(HttpRequest.newBuilder(process.metrics()).build(), BodyHandlers.ofString())
                    .body();
            var types = new HashMap<String, String>();
            text.lines()
                    .map(TYPE::matcher)
                    .filter(line -> line.matches())
                    .forEach(line -> types.put(line.group(1), line.group(2)));
            return types;
        }
    }
}
