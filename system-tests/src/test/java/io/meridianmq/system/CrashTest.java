package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.cli.load.mqtt.Client;
import io.meridianmq.cli.load.mqtt.ClientSettings;
import io.meridianmq.cli.load.mqtt.Network;
import io.meridianmq.cli.load.mqtt.Publish;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged broker, killed again and again while more than ten thousand messages are under way, and started on what it
 * left. This process has the clients, and keeps account of every acknowledgement that they get.
 *
 * <p>{@code -Dmeridian.crash.rounds=50} asks for more rounds.
 */
@Tag("server")
class CrashTest {

    private static final int ROUNDS = Integer.getInteger("meridian.crash.rounds", 5);
    private static final int PUBLISHERS = 200;
    private static final int SUBSCRIBERS = 10;
    private static final int UNDER_WAY = 10_000;

    /** Publishes of about a second. */
    private static final int MOMENT_MAX = 20_000;

    private static final String RETAINED = "retained/round";
    private static final int NEVER_EXPIRES = -1;
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final long seed = Long.parseLong(
            System.getProperty("meridian.seed", "").isEmpty()
                    ? String.valueOf(System.nanoTime())
                    : System.getProperty("meridian.seed"));
    private final Random random = new Random(seed);
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();

    @Test
    void nothingAcknowledgedIsLostOrDoubledHoweverOftenTheBrokerIsKilled(@TempDir Path folder)
            throws IOException, InterruptedException {
        try (var broker = StandaloneBroker.start(folder, List.of());
                var network = new Network()) {
            begin(network, broker);
            for (var round = 1; round <= ROUNDS; round++) {
                await().atMost(PATIENCE).until(() -> on(network, this::underWay) >= UNDER_WAY);
                retain(broker, round);
                awaitSomeMoment(network);
                var underWay = on(network, this::underWay);
                broker.kill();
                on(network, () -> subscribers.get(random.nextInt(SUBSCRIBERS)).toggle());
                var start = broker.startAgain();
                System.out.printf(
                        "round %d: killed with %,d publishes under way, serves again after %d ms%n",
                        round, underWay, start.toMillis());
                assertThat(underWay).isGreaterThanOrEqualTo(UNDER_WAY);
                assertThat(retained(broker)).isEqualTo("round " + round);
            }
            settle(network);
            report();
            publishers.forEach(this::check);
        }
    }

    /** Any moment of the load: when so many more have been acknowledged. */
    private void awaitSomeMoment(Network network) {
        var until = on(network, this::acknowledged) + random.nextInt(MOMENT_MAX);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .pollDelay(Duration.ZERO)
                .until(() -> on(network, this::acknowledged) >= until);
    }

    private long acknowledged() {
        return publishers.stream()
                .mapToLong(publisher -> publisher.acknowledged)
                .sum();
    }

    private static void retain(StandaloneBroker broker, int round) {
        try (var device = Device.connect("standalone", broker.address().getPort())) {
            device.publishRetained(RETAINED, "round " + round);
        }
    }

    private static String retained(StandaloneBroker broker) {
        try (var device = Device.connect("standalone", broker.address().getPort())) {
            device.subscribe(RETAINED, MqttQos.AT_LEAST_ONCE);
            await().atMost(PATIENCE).until(() -> !device.received(RETAINED).isEmpty());
            return device.received(RETAINED).getFirst().payload();
        }
    }

    private void begin(Network network, StandaloneBroker broker) {
        on(network, () -> {
            for (var i = 0; i < SUBSCRIBERS; i++) {
                subscribers.add(new Subscriber(i, network, broker));
            }
            return subscribers.size();
        });
        await().atMost(PATIENCE)
                .until(() -> on(network, () -> subscribers.stream().allMatch(Subscriber::isReady)));
        on(network, () -> {
            for (var i = 0; i < PUBLISHERS; i++) {
                publishers.add(new Publisher(i, network, broker));
            }
            return publishers.size();
        });
        var _ = network.loop()
                .scheduleAtFixedRate(
                        () -> {
                            var now = System.nanoTime();
                            subscribers.forEach(subscriber -> subscriber.tick(now));
                            publishers.forEach(publisher -> publisher.tick(now));
                        },
                        5,
                        5,
                        TimeUnit.MILLISECONDS);
    }

    /** No more is published; what is under way arrives. */
    private void settle(Network network) {
        on(network, () -> {
            publishers.forEach(Publisher::finish);
            subscribers.forEach(Subscriber::stay);
            return true;
        });
        await().atMost(PATIENCE)
                .until(() -> on(network, () -> publishers.stream().allMatch(Publisher::isDone)));
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> on(network, () -> publishers.stream().allMatch(this::hasArrived)));
    }

    private int underWay() {
        return publishers.stream().mapToInt(Publisher::underWay).sum();
    }

    private boolean hasArrived(Publisher publisher) {
        var got = subscriberOf(publisher).got(publisher.number);
        return publisher.sent == 0 || (!got.isEmpty() && got.getLast() == publisher.sent);
    }

    private Subscriber subscriberOf(Publisher publisher) {
        return subscribers.get(publisher.number % SUBSCRIBERS);
    }

    /** [MQTT-4.3.2-1] [MQTT-4.3.3-1] [MQTT-4.6.0-6] */
    private void check(Publisher publisher) {
        var all = subscriberOf(publisher).got(publisher.number);
        var first = all.stream().distinct().toList();
        assertThat(first)
                .as("publisher %d, QoS %d, seed %d: everything, in order", publisher.number, publisher.qos, seed)
                .isEqualTo(publisher.numbers());
        if (publisher.qos == 2) {
            assertThat(all)
                    .as("publisher %d: nothing twice, seed %d", publisher.number, seed)
                    .hasSameSizeAs(first);
        }
        assertThat(publisher.abandoned + publisher.refused).isZero();
    }

    private void report() {
        var sent = publishers.stream().mapToLong(publisher -> publisher.sent).sum();
        var got = publishers.stream()
                .mapToLong(publisher ->
                        subscriberOf(publisher).got(publisher.number).size())
                .sum();
        System.out.printf("%,d messages published, %,d received, seed %d%n", sent, got, seed);
    }

    private static <T> T on(Network network, Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, network.loop())
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Publishes as much as the window allows, numbered from 1. */
    private static final class Publisher implements Quiet {
        final int number;
        final int qos;
        private final Client client;
        private final String topic;
        private long sent;
        private long transmitted;
        private long acknowledged;
        private int abandoned;
        private int refused;
        private boolean isFinished;

        Publisher(int number, Network network, StandaloneBroker broker) {
            this.number = number;
            this.qos = 1 + number / SUBSCRIBERS % 2;
            this.topic = "crash/" + number % SUBSCRIBERS + "/" + number;
            this.client = network.client(
                    new ClientSettings("publisher-" + number, NEVER_EXPIRES, KEEP_ALIVE_SECONDS, List.of()),
                    broker.address(),
                    this,
                    new Random(number));
            client.start(System.nanoTime());
        }

        void tick(long nowNanos) {
            client.tick(nowNanos);
            while (!isFinished && client.canPublish(qos)) {
                sent++;
                client.publish(new Publish(sent, topic, payload(sent), qos), nowNanos);
            }
        }

        private byte[] payload(long sequence) {
            return ByteBuffer.allocate(64).putInt(number).putLong(sequence).array();
        }

        /** Publishes that have left this process, and are neither acknowledged nor received. */
        int underWay() {
            return (int) (transmitted - acknowledged);
        }

        void finish() {
            isFinished = true;
        }

        boolean isDone() {
            return client.isDone();
        }

        List<Long> numbers() {
            var numbers = new ArrayList<Long>();
            for (var sequence = 1L; sequence <= sent; sequence++) {
                numbers.add(sequence);
            }
            return numbers;
        }

        @Override
        public void onSent(long token, long nowNanos) {
            transmitted = Math.max(transmitted, token);
        }

        @Override
        public void onAcknowledged(long token, long nowNanos) {
            acknowledged++;
        }

        @Override
        public void onRefused(long token, int reasonCode, long nowNanos) {
            refused++;
        }

        @Override
        public void onAbandoned(long token, long nowNanos) {
            abandoned++;
        }
    }

    /** Has a durable subscription to some publishers, and at times no connection. */
    private static final class Subscriber implements Quiet {
        private final List<List<Long>> got = new ArrayList<>();
        private final Client client;
        private boolean isAway;

        Subscriber(int number, Network network, StandaloneBroker broker) {
            for (var i = 0; i < PUBLISHERS; i++) {
                got.add(new ArrayList<>());
            }
            this.client = network.client(
                    new ClientSettings(
                            "subscriber-" + number,
                            NEVER_EXPIRES,
                            KEEP_ALIVE_SECONDS,
                            List.of(new ClientSettings.Filter("crash/" + number + "/+", 2))),
                    broker.address(),
                    this,
                    new Random(number));
            client.start(System.nanoTime());
        }

        /** Stays away after the next break of its connection, or comes back. */
        boolean toggle() {
            isAway = !isAway;
            return isAway;
        }

        void stay() {
            isAway = false;
        }

        void tick(long nowNanos) {
            if (!isAway || client.isReady()) {
                client.tick(nowNanos);
            }
        }

        boolean isReady() {
            return client.isReady();
        }

        List<Long> got(int publisher) {
            return got.get(publisher);
        }

        @Override
        public void onMessage(String topic, ByteBuf payload, long nowNanos) {
            var publisher = payload.readInt();
            got.get(publisher).add(payload.readLong());
        }
    }
}
