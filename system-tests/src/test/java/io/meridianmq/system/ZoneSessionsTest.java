package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** Durable sessions in a zone of three nodes: they are found from each of them, and outlive the death of any. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ZoneSessionsTest {

    /** Enough that each node is home to some. */
    private static final int CLIENTS = 30;

    private static final int MESSAGES = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final List<String> nodes = List.of("solo/a/1", "solo/a/2", "solo/a/3");
    private Optional<LocalPlatform> started = Optional.empty();
    private int published;

    @BeforeAll
    void start() throws IOException, InterruptedException {
        started = Optional.of(LocalPlatform.start(List.of("--regions", "solo", "--zones", "1", "--nodes", "3")));
        for (var client = 0; client < CLIENTS; client++) {
            try (var device = goOn(client, client % 3)) {
                assertThat(device.sessionPresent()).isFalse();
                device.want("to/" + client + "/#", client % 2 == 0 ? MqttQos.AT_LEAST_ONCE : MqttQos.EXACTLY_ONCE);
            }
        }
    }

    @AfterAll
    void stop() throws IOException {
        if (started.isPresent()) {
            started.get().close();
        }
    }

    @Test
    @Order(1)
    void aClientFindsItsSessionAtEveryNode() {
        for (var round = 1; round <= 3; round++) {
            publish();
            expectAll(round);
        }
    }

    @Test
    @Order(2)
    void aSessionIsThereAgainWhenItsHomeIsKilledAndStartsAgain() throws IOException, InterruptedException {
        publish();
        for (var node : nodes) {
            kill(node);
        }
        expectAll(1);
    }

    @Test
    @Order(3)
    void aClientWhoseNodeIsKilledGoesOnAtAnother() throws IOException, InterruptedException {
        var connected = new ArrayList<Device>();
        for (var client = 0; client < CLIENTS; client++) {
            connected.add(goOn(client, 0));
        }
        publish();
        kill(nodes.getFirst());
        publish();
        for (var client = 0; client < CLIENTS; client++) {
            var wanted = client;
            var before = payloads(connected.get(client), client);
            try (var device = goOn(client, 1)) {
                assertThat(device.sessionPresent()).as("client %d", client).isTrue();
                var last = payload(client, published);
                await().atMost(PATIENCE).until(() -> payloads(device, wanted).contains(last));
                var all = new ArrayList<>(before);
                all.addAll(payloads(device, client));
                assertThat(all.stream().distinct()).as("client %d", client).containsExactlyElementsOf(sent(client, 2));
            }
        }
    }

    @Test
    @Order(4)
    void aClientThatBeginsAnewWhileItsHomeHangsGetsWhatWaitedThere() throws IOException, InterruptedException {
        publish();
        var home = platform().current("node", nodes.get(1));
        home.signal("STOP");
        var devices = new ArrayList<Device>();
        try {
            for (var client = 0; client < CLIENTS; client++) {
                devices.add(goOnAtLast(client, client % 2 == 0 ? 0 : 2));
            }
        } finally {
            home.signal("CONT");
        }
        var begunAnew =
                devices.stream().filter(device -> !device.sessionPresent()).count();
        Figures.add("clients that began anew", String.valueOf(begunAnew));
        assertThat(begunAnew).isPositive();
        for (var client = 0; client < CLIENTS; client++) {
            var device = devices.get(client);
            var expected = sent(client, 1);
            var wanted = client;
            await().atMost(PATIENCE).until(() -> payloads(device, wanted).containsAll(expected));
            assertThat(payloads(device, client)).as("client %d", client).containsExactlyElementsOf(expected);
            device.close();
        }
    }

    /** Its home may be asked for it until everybody knows that it does not answer. */
    private Device goOnAtLast(int client, int node) {
        return await().atMost(PATIENCE).ignoreExceptions().until(() -> goOn(client, node), Objects::nonNull);
    }

    /** Each client's messages, from a node of their own each. */
    private void publish() {
        try (var publisher = platform().connect(nodes.get(published % 3 == 0 ? 1 : 2))) {
            for (var message = 0; message < MESSAGES; message++) {
                published++;
                for (var client = 0; client < CLIENTS; client++) {
                    publisher.publish("to/" + client + "/x", MqttQos.EXACTLY_ONCE, payload(client, published));
                }
            }
        }
    }

    /** Each client connects to a node other than before, and gets what waited for it, in order and once. */
    private void expectAll(int turn) {
        for (var client = 0; client < CLIENTS; client++) {
            var wanted = client;
            try (var device = goOn(client, (client + turn) % 3)) {
                assertThat(device.sessionPresent()).as("client %d", client).isTrue();
                await().atMost(PATIENCE).until(() -> payloads(device, wanted).size() >= MESSAGES);
                assertThat(payloads(device, client)).as("client %d", client).containsExactlyElementsOf(sent(client, 1));
            }
        }
    }

    /** Kills a node, and waits until its supervisor has it running again. */
    private void kill(String place) throws IOException, InterruptedException {
        var before = platform().current("node", place);
        before.signal("KILL");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> {
                    var now = platform().current("node", place);
                    platform().connect(place).close();
                    return now.pid() != before.pid();
                });
    }

    private Device goOn(int client, int node) {
        return Device.goOn(nodes.get(node), platform().portOfNode(nodes.get(node)), "durable-" + client);
    }

    private LocalPlatform platform() {
        return started.orElseThrow();
    }

    private static List<String> payloads(Device device, int client) {
        return device.received("to/" + client + "/").stream()
                .map(Device.Message::payload)
                .toList();
    }

    /** What was published last for a client, so many times {@link #MESSAGES}. */
    private List<String> sent(int client, int times) {
        return IntStream.rangeClosed(published - times * MESSAGES + 1, published)
                .mapToObj(number -> payload(client, number))
                .toList();
    }

    private static String payload(int client, int number) {
        return client + ":" + number;
    }
}
