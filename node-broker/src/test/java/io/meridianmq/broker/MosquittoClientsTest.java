package io.meridianmq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The broker with Mosquitto's command line clients.
 * [MQTT-4.2.0-1] [MQTT-7.1.1-1] [MQTT-7.0.0-2] [MQTT3-7.1.1-1] [MQTT3-7.0.0-2]
 */
@Tag("server")
final class MosquittoClientsTest {

    private static final Path PUBLISH = Path.of("/usr/bin/mosquitto_pub");
    private static final Path SUBSCRIBE = Path.of("/usr/bin/mosquitto_sub");

    @TempDir
    private static Path data;

    @SuppressWarnings("NullAway.Init") // Started before the first test.
    private static RunningBroker broker;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Files.isExecutable(PUBLISH) && Files.isExecutable(SUBSCRIBE), "mosquitto-clients is not installed");
        broker = new RunningBroker(data.resolve("data"));
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"311, 0", "311, 1", "311, 2", "5, 0", "5, 1", "5, 2"})
    void carriesMessagesAtEveryQos(String version, String qos) throws Exception {
        var topic = "every/" + version + "/" + qos;
        try (var subscriber = subscriber("-V", version, "-q", qos, "-t", topic, "-C", "3", "-v")) {
            for (var i = 0; i < 3; i++) {
                publish("-V", version, "-q", qos, "-t", topic, "-m", "message " + i);
            }
            assertThat(subscriber.lines())
                    .containsExactly(topic + " message 0", topic + " message 1", topic + " message 2");
        }
    }

    @Test
    void keepsTheRetainedMessage() throws Exception {
        publish("-t", "kept", "-q", "1", "-r", "-m", "old");
        publish("-t", "kept", "-q", "1", "-r", "-m", "new");
        assertThat(run(with(command(SUBSCRIBE), "-t", "kept", "-C", "1", "-W", "60", "-F", "%r %p")))
                .containsExactly("1 new");
    }

    @Test
    void tellsItsFigures() throws Exception {
        var figures = run(with(command(SUBSCRIBE), "-t", "$SYS/broker/+", "-C", "2", "-W", "60", "-F", "%r %t"));
        assertThat(figures).containsExactly("1 $SYS/broker/uptime", "1 $SYS/broker/version");
    }

    @Test
    void publishesTheWillOfAKilledClient() throws Exception {
        try (var watcher = subscriber("-t", "will/#", "-C", "1", "-v")) {
            try (var doomed = subscriber(
                    "-t", "nothing", "--will-topic", "will/a", "--will-payload", "gone", "--will-qos", "1")) {
                doomed.kill();
            }
            assertThat(watcher.lines()).containsExactly("will/a gone");
        }
    }

    @Test
    void queuesForASessionThatIsAway() throws Exception {
        String[] session = {"-V", "5", "-i", "away", "-c", "-x", "60", "-q", "2", "-t", "away/#", "-v"};
        try (var first = subscriber(with(session, "-C", "1"))) {
            publish("-t", "away/1", "-q", "1", "-m", "one");
            assertThat(first.lines()).containsExactly("away/1 one");
        }
        publish("-t", "away/2", "-q", "2", "-m", "two");
        publish("-t", "away/3", "-q", "2", "-m", "three");
        publish("-t", "away/4", "-q", "0", "-m", "QoS 0 does not wait");
        var second = run(with(command(SUBSCRIBE), with(session, "-C", "2", "-W", "60")));
        assertThat(second).containsExactly("away/2 two", "away/3 three");
    }

    private static void publish(String... arguments) throws Exception {
        run(with(command(PUBLISH), arguments));
    }

    private static String[] command(Path program) {
        return new String[] {program.toString(), "-h", "127.0.0.1", "-p", "" + broker.port()};
    }

    private static String[] with(String[] first, String... more) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static List<String> run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            var lines = out.lines().toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", List.of(command), lines)
                    .isZero();
            return lines;
        }
    }

    /** Returns when the broker has its subscription. */
    private static Subscriber subscriber(String... arguments) throws IOException {
        var before = broker.subscriptions();
        var process = new ProcessBuilder(with(command(SUBSCRIBE), with(arguments, "-W", "60")))
                .redirectErrorStream(true)
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> broker.subscriptions() > before);
        var leftBehind = List.of(arguments).contains("-c") ? before + 1 : before;
        return new Subscriber(
                leftBehind, process, new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)));
    }

    private record Subscriber(int leftBehind, Process process, BufferedReader out) implements AutoCloseable {

        /** What it printed, once it has had as many messages as it waits for. */
        List<String> lines() {
            return out.lines().toList();
        }

        void kill() {
            process.destroyForcibly().onExit().join();
        }

        @Override
        public void close() throws IOException {
            kill();
            out.close();
            // Else the next subscriber would count this one's subscription, and wait for one more than there will be.
            await().atMost(Duration.ofSeconds(30)).until(() -> broker.subscriptions() <= leftBehind);
        }
    }
}
