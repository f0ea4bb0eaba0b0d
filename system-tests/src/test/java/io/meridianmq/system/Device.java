package io.meridianmq.system;

import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A client of one node: HiveMQ's, which keeps what it gets. */
final class Device implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String node;
    private final Mqtt5AsyncClient client;
    private final ConcurrentLinkedQueue<Message> received = new ConcurrentLinkedQueue<>();
    private boolean sessionPresent;

    /**
     * A message that came.
     *
     * @param nanos when, by this process's clock
     */
    record Message(String topic, MqttQos qos, boolean retained, String payload, long nanos) {}

    private Device(String node, Mqtt5AsyncClient client) {
        this.node = node;
        this.client = client;
    }

    static Device connect(String node, int port) {
        return connect(node, port, "test-" + UUID.randomUUID());
    }

    static Device connect(String node, int port, String clientId) {
        var client = Mqtt5Client.builder()
                .identifier(clientId)
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildAsync();
        var device = new Device(node, client);
        join(client.connect());
        return device;
    }

    /** Connects one whose session goes on for a minute without it. */
    static Device connectToStay(String node, int port) {
        var client = Mqtt5Client.builder()
                .identifier("test-" + UUID.randomUUID())
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildAsync();
        var device = new Device(node, client);
        join(client.connectWith().sessionExpiryInterval(60).send());
        return device;
    }

    /** A connection of a client whose session goes on with it, if there is one, and for ten minutes without it. */
    static Device goOn(String node, int port, String clientId) {
        var client = Mqtt5Client.builder()
                .identifier(clientId)
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildAsync();
        var device = new Device(node, client);
        client.publishes(MqttGlobalPublishFilter.REMAINING, device::onMessage);
        var connack = join(client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(600)
                .send());
        device.sessionPresent = connack.isSessionPresent();
        return device;
    }

    /** Subscribes a client that {@linkplain #goOn goes on}, and waits for the SUBACK. */
    void want(String topicFilter, MqttQos qos) {
        join(client.subscribeWith().topicFilter(topicFilter).qos(qos).send());
    }

    /** A new connection of the same client after this one is closed: its session begins anew. */
    Device beginAnew(int port) {
        return connect(
                node,
                port,
                client.getConfig().getClientIdentifier().orElseThrow().toString());
    }

    /** Whether its session went on when it connected. */
    boolean sessionPresent() {
        return sessionPresent;
    }

    /** Where it is connected. */
    String node() {
        return node;
    }

    /** Subscribes and waits for the SUBACK. */
    void subscribe(String topicFilter, MqttQos qos) {
        join(client.subscribeWith()
                .topicFilter(topicFilter)
                .qos(qos)
                .callback(this::onMessage)
                .send());
    }

    private void onMessage(Mqtt5Publish publish) {
        received.add(new Message(
                publish.getTopic().toString(),
                publish.getQos(),
                publish.isRetain(),
                new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8),
                System.nanoTime()));
    }

    /** Publishes and waits until the node has acknowledged it. */
    void publish(String topic, MqttQos qos, String payload) {
        join(send(topic, qos, payload));
    }

    /** Publishes without waiting. */
    CompletableFuture<Mqtt5PublishResult> send(String topic, MqttQos qos, String payload) {
        return client.publishWith()
                .topic(topic)
                .qos(qos)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send();
    }

    /** Publishes a message that the platform keeps; an empty one removes it. */
    void publishRetained(String topic, String payload) {
        join(client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send());
    }

    /** What came so far on topics that begin like this, in order. */
    List<Message> received(String prefix) {
        return received.stream()
                .filter(message -> message.topic().startsWith(prefix))
                .toList();
    }

    /**
     * Returns when whatever these devices have subscribed to until now is wanted everywhere: what one of them publishes
     * from now on reaches the others. Interest travels in order, so it is enough to see this for a later subscription; at
     * each QoS, since QoS 1 and 2 go another way, by slots of the publisher.
     */
    static void awaitEffective(Collection<Device> subscribers, Collection<Device> publishers) {
        var topic = "effective/" + UUID.randomUUID() + "/";
        subscribers.forEach(device -> device.subscribe(topic + "#", MqttQos.AT_LEAST_ONCE));
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            var complete = subscribers.stream()
                    .allMatch(device -> device.received(topic).stream()
                                    .map(Message::topic)
                                    .distinct()
                                    .count()
                            == 2L * publishers.size());
            if (!complete) {
                for (var device : publishers) {
                    var node = device.node().replace('/', '-');
                    device.publish(topic + "0/" + node, MqttQos.AT_MOST_ONCE, "");
                    device.publish(topic + "1/" + node, MqttQos.AT_LEAST_ONCE, "");
                }
            }
            return complete;
        });
    }

    String clientId() {
        return client.getConfig().getClientIdentifier().orElseThrow().toString();
    }

    boolean isConnected() {
        return client.getState().isConnected();
    }

    @Override
    public void close() {
        if (isConnected()) {
            join(client.disconnect());
        }
    }

    private static <T> T join(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
