package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The broker with clients in other languages, over TCP and WebSocket: MQTT.js, which npm installs into the folder of the
 * build, and Paho for Python as the operating system has it. Where one is missing its tests are reported as skipped.
 */
@Tag("server")
final class ScriptedClientsTest {

    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path MQTT_JS = Path.of("target", "mqttjs").toAbsolutePath();
    private static final String MQTT_JS_VERSION = "mqtt@5.16.0";

    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static RunningBroker broker;

    private record Outcome(int exitValue, List<String> lines) {}

    @BeforeAll
    static void start() throws IOException {
        broker = new RunningBroker(folder.resolve("data"), """
                listeners:
                  - tcp: 127.0.0.1:0
                  - websocket: 127.0.0.1:0
                """);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"mqtt, 3", "mqtt, 4", "mqtt, 5", "ws, 4", "ws, 5"})
    void servesMqttJs(String scheme, String version) throws Exception {
        installMqttJs();
        var url = scheme + "://127.0.0.1:" + port(scheme.equals("ws")) + (scheme.equals("ws") ? "/mqtt" : "");
        var outcome = run(List.of("node", script("mqttjs.js"), url, version), MQTT_JS);
        var expected = new ArrayList<>(List.of(
                "granted 0,1,2",
                "js/0 qos0 live message 0",
                "js/1 qos1 live message 1",
                "js/2 qos2 live message 2",
                "large 200000",
                "kept/a qos1 retained new",
                "kept/a qos1 live ",
                "will/doomed qos1 live gone",
                "stays/1 one, stays/2 two"));
        if (version.equals("5")) {
            var told = " 7 true answers/1 c text/plain {\"b\":[\"2\",\"3\"],\"a\":\"1\"} alias 1";
            expected.addAll(List.of("features/a" + told, "features/a" + told, "refused 144"));
        }
        expected.add("done");
        assertThat(outcome).isEqualTo(new Outcome(0, expected));
    }

    @ParameterizedTest
    @CsvSource({"tcp, 3", "tcp, 4", "tcp, 5", "websockets, 4", "websockets, 5"})
    void servesPaho(String transport, String version) throws Exception {
        assumeTrue(
                Files.isExecutable(PYTHON)
                        && run(List.of(PYTHON.toString(), "-c", "import paho.mqtt.client"), folder)
                                        .exitValue()
                                == 0,
                "Paho for Python is not installed");
        var port = port(transport.equals("websockets"));
        var outcome = run(
                List.of(PYTHON.toString(), script("paho_client.py"), Integer.toString(port), transport, version),
                folder);
        var expected = new ArrayList<>(List.of(
                "granted [0, 1, 2]",
                "py/0 qos0 live message 0",
                "py/1 qos1 live message 1",
                "py/2 qos2 live message 2",
                "unsubscribed",
                "large 200000",
                "kept/a qos0 retained new",
                "kept/a qos0 live ",
                "will/doomed qos0 live gone",
                "stays/1 qos1 live one",
                "stays/2 qos2 live two"));
        if (version.equals("5")) {
            expected.add("[7] True answers/1 c text/plain 1 [('b', '2'), ('a', '1'), ('b', '3')]");
        }
        expected.add("done");
        assertThat(outcome).isEqualTo(new Outcome(0, expected));
    }

    private static int port(boolean isWebSocket) {
        return broker.port(isWebSocket ? 1 : 0);
    }

    /** Installs once for all builds of this folder, if npm and its registry are there. */
    private static void installMqttJs() throws Exception {
        if (Files.isDirectory(MQTT_JS.resolve("node_modules/mqtt"))) {
            return;
        }
        Files.createDirectories(MQTT_JS);
        try {
            var installed = run(
                    List.of(
                            "npm",
                            "install",
                            "--prefix",
                            MQTT_JS.toString(),
                            "--no-audit",
                            "--no-fund",
                            MQTT_JS_VERSION),
                    MQTT_JS);
            assumeTrue(installed.exitValue() == 0, "npm cannot install " + MQTT_JS_VERSION + ": " + installed.lines());
        } catch (IOException e) {
            Assumptions.abort("npm is not installed: " + e.getMessage());
        }
    }

    private static String script(String name) throws IOException {
        try (var in = Objects.requireNonNull(ScriptedClientsTest.class.getResourceAsStream("/clients/" + name), name)) {
            var file = folder.resolve(name);
            Files.write(file, in.readAllBytes());
            return file.toString();
        }
    }

    private static Outcome run(List<String> command, Path modules) throws IOException, InterruptedException {
        var output = Files.createTempFile(folder, "output", ".txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of("NODE_PATH", modules.resolve("node_modules").toString(), "PYTHONUNBUFFERED", "1"));
        var process = builder.start();
        try {
            var isOver = process.waitFor(200, TimeUnit.SECONDS);
            var lines = Files.readString(output, UTF_8).lines().toList();
            assertThat(isOver).as("%s ended; it said %s", command, lines).isTrue();
            return new Outcome(process.exitValue(), lines);
        } finally {
            process.destroyForcibly();
        }
    }
}
