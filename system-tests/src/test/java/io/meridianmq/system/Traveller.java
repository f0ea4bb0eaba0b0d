package io.meridianmq.system;

import com.hivemq.client.mqtt.MqttClientTransportConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A device that finds its way back: when it loses its connection it tries its ports in turn until one takes it, and
 * subscribes again.
 */
final class Traveller implements AutoCloseable {

    /** Short, so that a device notices soon that its node hangs. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final int KEEP_ALIVE_SECONDS_PATIENT = 600;

    private static final int CONNECT_SECONDS = 3;
    private static final int PAUSE_MILLIS_MIN = 200;
    private static final int PAUSE_MILLIS_MAX = 1_000;

    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile long connectedNanos;
    private final Mqtt5AsyncClient client;

    private final int keepAliveSeconds;

    private Traveller(String clientId, List<Integer> ports, int keepAliveSeconds) {
        this.keepAliveSeconds = keepAliveSeconds;
        client = Mqtt5Client.builder()
                .identifier(clientId)
                .transportConfig(transport(ports.getFirst()))
                .automaticReconnect()
                .initialDelay(PAUSE_MILLIS_MIN, TimeUnit.MILLISECONDS)
                .maxDelay(PAUSE_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .applyAutomaticReconnect()
                .addConnectedListener(_ -> {
                    connectedNanos = System.nanoTime();
                    connections.incrementAndGet();
                })
                .addDisconnectedListener(context -> context.getReconnector()
                        .transportConfig(transport(ports.get(attempts.incrementAndGet() % ports.size()))))
                .buildAsync();
    }

    /** Connects to the first of the ports. */
    static Traveller connect(String clientId, List<Integer> ports) {
        return connected(new Traveller(clientId, ports, KEEP_ALIVE_SECONDS));
    }

    /** One that has a connection for as long as the node lets it, and does not notice that the node hangs. */
    static Traveller patient(String clientId, List<Integer> ports) {
        return connected(new Traveller(clientId, ports, KEEP_ALIVE_SECONDS_PATIENT));
    }

    private static Traveller connected(Traveller traveller) {
        traveller
                .client
                .connectWith()
                .keepAlive(traveller.keepAliveSeconds)
                .send()
                .orTimeout(Device.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        return traveller;
    }

    private static MqttClientTransportConfig transport(int port) {
        return MqttClientTransportConfig.builder()
                .serverHost("127.0.0.1")
                .serverPort(port)
                .mqttConnectTimeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    /** Subscribes now, and again with every later connection. */
    void subscribe(String topicFilter, MqttQos qos, Consumer<String> onPayload) {
        client.subscribeWith()
                .topicFilter(topicFilter)
                .qos(qos)
                .callback(publish -> onPayload.accept(new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8)))
                .send()
                .orTimeout(Device.PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    boolean isConnected() {
        return client.getState().isConnected();
    }

    /** How often it has been connected: a message sent or expected before the last time may be gone. */
    int connections() {
        return connections.get();
    }

    /** When it was last connected, by {@link System#nanoTime}; its subscriptions come some moments later. */
    long connectedNanos() {
        return connectedNanos;
    }

    /** Publishes without waiting; completes normally when the node has taken the message over. */
    CompletableFuture<Void> publish(String topic, MqttQos qos, String payload) {
        return client.publishWith()
                .topic(topic)
                .qos(qos)
                .payload(payload.getBytes(StandardCharsets.UTF_8))
                .send()
                .thenAccept(result -> result.getError().ifPresent(refused -> {
                    throw new IllegalStateException("not taken over", refused);
                }));
    }

    /** Leaves without waiting for an answer, which may never come. */
    @Override
    public void close() {
        var _ = client.disconnect();
    }
}
