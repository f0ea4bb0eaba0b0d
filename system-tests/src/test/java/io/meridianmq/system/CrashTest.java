package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import io.meridianmq.cli.load.mqtt.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
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
    private static final int UNDER_WAY = 10_000;

    /** Publishes of about a second. */
    private static final int MOMENT_MAX = 20_000;

    /** In many rounds more may wait for a subscriber that is away than a session takes by default. */
    private static final String ROOM = """
            session:
              queued-messages-max: 2000000
              queued-bytes-max: 1GB
            """;

    private static final String RETAINED = "retained/round";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final long seed = Long.parseLong(
            System.getProperty("meridian.seed", "").isEmpty()
                    ? String.valueOf(System.nanoTime())
                    : System.getProperty("meridian.seed"));
    private final Random random = new Random(seed);

    @Test
    void nothingAcknowledgedIsLostOrDoubledHoweverOftenTheBrokerIsKilled(@TempDir Path folder)
            throws IOException, InterruptedException {
        var config = Files.writeString(folder.resolve("broker.yaml"), ROOM);
        try (var broker = StandaloneBroker.start(folder, List.of("--config", config.toString()));
                var network = new Network()) {
            var load = CountedLoad.start(network, broker.address(), PUBLISHERS, random);
            for (var round = 1; round <= ROUNDS; round++) {
                await().atMost(PATIENCE).until(() -> load.underWay() >= UNDER_WAY);
                retain(broker, round);
                load.awaitAcknowledged(random.nextInt(MOMENT_MAX));
                var underWay = await().atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(load::underWay, count -> count >= UNDER_WAY);
                broker.kill();
                load.sendOneAway();
                var start = broker.startAgain();
                System.out.printf(
                        "round %d: killed with %,d publishes under way, serves again after %d ms%n",
                        round, underWay, start.toMillis());
                assertThat(retained(broker)).isEqualTo("round " + round);
            }
            load.settle();
            System.out.printf("%s, seed %d%n", load.account(), seed);
            load.check();
            assertThat(load.abandoned()).isZero();
        }
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
}
