package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.cli.load.mqtt.Client;
import io.meridianmq.cli.load.mqtt.ClientSettings;
import io.meridianmq.cli.load.mqtt.Network;
import io.meridianmq.cli.load.mqtt.Publish;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a broker takes until it serves again that has many sessions on its disk.
 *
 * <p>{@code -Dmeridian.restore.sessions=100000} asks for more of them.
 */
@Tag("server")
class RestoreTest {

    private static final int SESSIONS = Integer.getInteger("meridian.restore.sessions", 10_000);
    private static final int AT_ONCE = 1_000;
    private static final int LOOKED_AT = 100;
    private static final int NEVER_EXPIRES = -1;
    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(10);

    @Test
    void sessionsAreBackSoonAfterAKill(@TempDir Path folder) throws IOException, InterruptedException {
        try (var broker = StandaloneBroker.start(folder, List.of())) {
            for (var first = 0; first < SESSIONS; first += AT_ONCE) {
                leaveSessions(broker, first, Math.min(SESSIONS, first + AT_ONCE));
            }
            publishToAll(broker);
            broker.kill();

            var start = broker.startAgain();
            System.out.printf(
                    "%,d sessions with a message each: serves again after %d ms%n", SESSIONS, start.toMillis());

            assertThat(start).isLessThan(BACK_WITHIN);
            lookAtSome(broker);
        }
    }

    /** Clients connect and subscribe, and are gone without a word. */
    private static void leaveSessions(StandaloneBroker broker, int from, int to) {
        try (var network = new Network()) {
            var listeners = new ArrayList<Arrivals>();
            for (var i = from; i < to; i++) {
                listeners.add(new Arrivals());
                start(network, broker, i, listeners.getLast());
            }
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> listeners.stream().allMatch(listener -> listener.ready.get() > 0));
        }
    }

    private static void publishToAll(StandaloneBroker broker) {
        try (var network = new Network()) {
            var listener = new Arrivals();
            var settings = new ClientSettings("publisher", 0, KEEP_ALIVE_SECONDS, List.of());
            var client = network.client(settings, broker.address(), listener, new Random(1));
            var next = new AtomicInteger();
            network.loop().execute(() -> client.start(System.nanoTime()));
            var _ = network.loop()
                    .scheduleAtFixedRate(
                            () -> {
                                while (next.get() < SESSIONS && client.canPublish(1)) {
                                    var topic = "restore/" + next.getAndIncrement();
                                    var payload = topic.getBytes(StandardCharsets.UTF_8);
                                    client.publish(new Publish(0, topic, payload, 1), System.nanoTime());
                                }
                            },
                            1,
                            1,
                            TimeUnit.MILLISECONDS);
            await().atMost(PATIENCE).until(() -> listener.acknowledged.get() == SESSIONS);
        }
    }

    private static void lookAtSome(StandaloneBroker broker) {
        try (var network = new Network()) {
            var listeners = new ArrayList<Arrivals>();
            for (var i = 0; i < SESSIONS; i += SESSIONS / LOOKED_AT) {
                listeners.add(new Arrivals());
                start(network, broker, i, listeners.getLast());
            }
            await().atMost(PATIENCE).until(() -> listeners.stream().allMatch(listener -> listener.messages.get() == 1));
            assertThat(listeners).allMatch(listener -> listener.present.get() == 1);
        }
    }

    private static void start(Network network, StandaloneBroker broker, int number, Arrivals listener) {
        var filters = List.of(new ClientSettings.Filter("restore/" + number, 1));
        var settings = new ClientSettings("restored-" + number, NEVER_EXPIRES, KEEP_ALIVE_SECONDS, filters);
        Client client = network.client(settings, broker.address(), listener, new Random(number));
        network.loop().execute(() -> client.start(System.nanoTime()));
    }

    /** What came to one client. */
    private static final class Arrivals implements Quiet {
        final AtomicInteger ready = new AtomicInteger();
        final AtomicInteger present = new AtomicInteger();
        final AtomicInteger acknowledged = new AtomicInteger();
        final AtomicInteger messages = new AtomicInteger();

        @Override
        public void onReady(boolean isSessionPresent, long nowNanos) {
            ready.incrementAndGet();
            present.addAndGet(isSessionPresent ? 1 : 0);
        }

        @Override
        public void onAcknowledged(long token, long nowNanos) {
            acknowledged.incrementAndGet();
        }

        @Override
        public void onMessage(String topic, ByteBuf payload, long nowNanos) {
            messages.incrementAndGet();
        }
    }
}
