package io.meridianmq.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.fabric.tls.Authority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables of {@code docs/configuration.md} have every key that a program reads, and its default. */
class ConfigurationDocumentTest {

    private static final String DIRECTORY = """
            link: {insecure: true}
            directory:
              etcd: ["127.0.0.1:1"]
            """;
    private static final String GLOBAL_DIRECTORY = """
            link: {insecure: true}
            admin: {insecure: true}
            directory:
              global-etcd: ["127.0.0.1:1"]
            """;
    private static final String BOTH_DIRECTORIES = """
            link: {insecure: true}
            directory:
              etcd: ["127.0.0.1:1"]
              global-etcd: ["127.0.0.1:1"]
            """;

    /** {@code | `key`, `key` | type | default | meaning |}. */
    private static final Pattern ROW = Pattern.compile("\\| (`[^|]+`) \\|[^|]*\\| ([^|]*) \\|.*");

    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    /** {@code key = value (origin)}, as {@code --check-config} prints it. */
    private static final Pattern SETTING = Pattern.compile("(\\S+) = (.*) \\(([^()]*)\\)");

    @TempDir
    private Path folder;

    private record Setting(String value, boolean isDefault) {}

    @Test
    void everyKeyOfNodeBrokerIsDescribed() throws Exception {
        var certificate = folder.resolve("listener.pem");
        var key = folder.resolve("listener.key");
        Authority.create(Instant.now(), Duration.ofDays(1)).save(certificate, key);
        requireDescribed("node-broker", "io.meridianmq.broker.Main", """
                http: {bind: "127.0.0.1:0"}
                listeners:
                  - {tcp: "127.0.0.1:0"}
                  - {websocket: "127.0.0.1:0"}
                  - {tls: "127.0.0.1:0", certificate: %1$s, key: %2$s}
                  - {secure-websocket: "127.0.0.1:0", certificate: %1$s, key: %2$s}
                """.formatted(certificate, key));
    }

    @Test
    void everyKeyOfZoneGatewayIsDescribed() throws Exception {
        requireDescribed(
                "zone-gateway", "io.meridianmq.gateway.zone.Main", "place: us-east/a\ndata: data\n" + DIRECTORY);
    }

    @Test
    void everyKeyOfRegionGatewayIsDescribed() throws Exception {
        requireDescribed(
                "region-gateway",
                "io.meridianmq.gateway.region.Main",
                "place: us-east\ndata: data\n" + BOTH_DIRECTORIES);
    }

    @Test
    void everyKeyOfGlobalControlIsDescribed() throws Exception {
        requireDescribed("global-control", "io.meridianmq.control.Main", "data: data\n" + GLOBAL_DIRECTORY);
    }

    /** @param yaml what the program cannot do without, and whatever brings optional keys into being */
    private void requireDescribed(String program, String mainClass, String yaml)
            throws IOException, InterruptedException {
        var described = described(program);
        var read = read(mainClass, yaml);

        assertThat(described.keySet()).as("keys of %s", program).isEqualTo(read.keySet());
        read.forEach((key, setting) -> described
                .getOrDefault(key, Optional.empty())
                .ifPresent(written -> {
                    if (setting.isDefault()) {
                        assertThat(written).as("default of %s", key).isEqualTo(setting.value());
                    }
                }));
    }

    /** The keys in a program's table, with the default where it is written out. */
    private static Map<String, Optional<String>> described(String program) {
        var text = Sources.text(Sources.ROOT.resolve("docs/configuration.md"));
        var from = text.indexOf("\n## " + program + "\n");
        var to = text.indexOf("\n## ", from + 1);
        var keys = new TreeMap<String, Optional<String>>();
        text.substring(from, to)
                .lines()
                .map(ROW::matcher)
                .filter(row -> row.matches())
                .forEach(row -> {
                    var written = QUOTED.matcher(row.group(2));
                    var fallback = written.matches() && !written.group(1).startsWith("link.")
                            ? Optional.of(written.group(1))
                            : Optional.<String>empty();
                    QUOTED.matcher(row.group(1)).results().forEach(key -> keys.put(key.group(1), fallback));
                });
        return keys;
    }

    /** What the program prints when asked to check its configuration. */
    private Map<String, Setting> read(String mainClass, String yaml) throws IOException, InterruptedException {
        var file = Files.writeString(folder.resolve("program.yaml"), yaml);
        var output = folder.resolve("output");
        var process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        mainClass,
                        "--check-config",
                        "--config",
                        file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        process.environment().keySet().removeIf(name -> name.startsWith("MERIDIAN_"));
        var running = process.start();
        try {
            assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            running.destroyForcibly();
        }
        var printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(running.exitValue()).as(printed).isZero();
        var settings = new LinkedHashMap<String, Setting>();
        printed.lines()
                .map(SETTING::matcher)
                .filter(line -> line.matches())
                .forEach(line -> settings.put(
                        line.group(1).replaceAll("\\[\\d+]", "[]"),
                        new Setting(line.group(2), line.group(3).equals("default"))));
        return new TreeMap<>(settings);
    }
}
