package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.system.Device.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published at one node reaches the clients of all: one client at each node of two regions. */
@Tag("server")
@ExtendWith(SharedPlatform.class)
class EveryNodeTest {

    private static final int SHARED_MESSAGES = 10;

    /** A topic level, and the payload there: what is found comes in topic order, and with this everything has come. */
    private static final String LAST = "zz";

    private final LocalPlatform platform;
    private final List<Device> devices = new ArrayList<>();

    EveryNodeTest(LocalPlatform platform) {
        this.platform = platform;
    }

    @BeforeEach
    void connect() {
        for (var node : platform.nodes()) {
            // A node that a busy machine has kept from its register for a while asks its clients to try again.
            devices.add(await().atMost(Device.PATIENCE)
                    .ignoreExceptions()
                    .until(() -> platform.connect(node), Objects::nonNull));
        }
    }

    @AfterEach
    void disconnect() {
        devices.forEach(Device::close);
    }

    @ParameterizedTest
    @CsvSource({
        "every/exact/temp, every/exact/temp",
        "every/+/humidity, every/single/humidity",
        "every/many/#, every/many/levels/deep",
    })
    void messageReachesEveryNodeOnceAtEveryQos(String topicFilter, String topic) {
        devices.forEach(device -> device.subscribe(topicFilter, MqttQos.EXACTLY_ONCE));
        Device.awaitEffective(devices, devices);

        var published = new ArrayList<String>();
        for (var device : devices) {
            for (var qos : MqttQos.values()) {
                var payload = device.node() + " at QoS " + qos.getCode();
                device.publish(topic, qos, payload);
                published.add(payload);
            }
        }

        for (var device : devices) {
            awaitCount(device, topic, published.size());
        }
        // Whatever came twice came before this.
        Device.awaitEffective(devices, devices);
        for (var device : devices) {
            assertThat(device.received(topic))
                    .as("received at %s", device.node())
                    .allSatisfy(message -> assertThat(message.payload())
                            .endsWith("QoS " + message.qos().getCode()))
                    .extracting(Message::payload)
                    .containsExactlyInAnyOrderElementsOf(published);
        }
    }

    @ParameterizedTest
    @CsvSource({"AT_MOST_ONCE", "AT_LEAST_ONCE", "EXACTLY_ONCE"})
    void oneMemberOfAGroupOnAllNodesGetsEachMessage(MqttQos qos) {
        var topic = "shared/" + qos.getCode() + "/job";
        devices.forEach(device -> device.subscribe("$share/workers/shared/" + qos.getCode() + "/+", qos));
        Device.awaitEffective(devices, devices);

        var published = new ArrayList<String>();
        for (var device : devices) {
            for (var number = 0; number < SHARED_MESSAGES; number++) {
                var payload = device.node() + " " + number;
                device.publish(topic, qos, payload);
                published.add(payload);
            }
        }

        await().atMost(Device.PATIENCE)
                .untilAsserted(() -> assertThat(receivedByAny(topic)).hasSizeGreaterThanOrEqualTo(published.size()));
        // Whatever came to a second member came before this.
        Device.awaitEffective(devices, devices);
        assertThat(receivedByAny(topic)).containsExactlyInAnyOrderElementsOf(published);
    }

    /** One topic lives in every region, the other one in the region that it addresses. [MQTT-3.3.1-6] [MQTT-3.3.1-8] */
    @ParameterizedTest
    @ValueSource(strings = {"kept/", "region/eu-west/kept/"})
    void retainedMessageIsFoundFromEveryNodeUntilItIsReplacedOrCleared(String folder) {
        var topic = folder + "temp";
        var first = devices.getFirst();
        var last = devices.getLast();
        last.publishRetained(folder + LAST, LAST);

        first.publishRetained(topic, "21.5");
        devices.forEach(device -> awaitKept(device.node(), folder, List.of("21.5", LAST)));
        last.publishRetained(topic, "22.0");
        devices.forEach(device -> awaitKept(device.node(), folder, List.of("22.0", LAST)));
        for (var device : devices) {
            device.subscribe(topic, MqttQos.AT_LEAST_ONCE);
            awaitCount(device, topic, 1);
            assertThat(device.received(topic)).singleElement().satisfies(message -> {
                assertThat(message.payload()).isEqualTo("22.0");
                assertThat(message.retained()).isTrue();
            });
        }
        first.publishRetained(topic, "");
        devices.forEach(device -> awaitKept(device.node(), folder, List.of(LAST)));
        last.publishRetained(folder + LAST, "");
    }

    /** Looks again and again, since homes in other regions get a message a moment after its publisher's PUBACK. */
    private void awaitKept(String node, String folder, List<String> payloads) {
        await().atMost(Device.PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            try (var device = platform.connect(node)) {
                device.subscribe(folder + "+", MqttQos.AT_LEAST_ONCE);
                awaitCount(device, folder + LAST, 1);
                assertThat(device.received(folder))
                        .as("found from %s", node)
                        .extracting(Message::payload)
                        .isEqualTo(payloads);
            }
        });
    }

    private static void awaitCount(Device device, String topic, int count) {
        await().atMost(Device.PATIENCE)
                .untilAsserted(() -> assertThat(device.received(topic))
                        .as("received at %s", device.node())
                        .hasSizeGreaterThanOrEqualTo(count));
    }

    private List<String> receivedByAny(String topic) {
        return devices.stream()
                .flatMap(device -> device.received(topic).stream())
                .map(Message::payload)
                .toList();
    }
}
