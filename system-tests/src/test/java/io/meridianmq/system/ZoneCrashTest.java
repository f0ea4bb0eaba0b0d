package io.meridianmq.system;

import static org.awaitility.Awaitility.await;

import io.meridianmq.cli.load.mqtt.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A zone of three nodes behind its load balancer, one of which is killed again and again under load: at once, or after it
 * has stood still so long that the others have given it up and its clients have begun anew elsewhere.
 *
 * <p>{@code -Dmeridian.crash.rounds=50} asks for more rounds.
 */
@Tag("server")
class ZoneCrashTest {

    private static final int ROUNDS = Integer.getInteger("meridian.crash.rounds", 3);
    private static final int PUBLISHERS = 30;
    private static final int NODES = 3;

    /**
     * 6,000 messages a second at most, so that what the other nodes hold for one that is away is less than a lane's 65,536: what
     * is beyond that is counted, and lost.
     */
    private static final int AT_ONCE = 1;

    /** Publishes of some seconds. */
    private static final int MOMENT_MIN = 5_000;

    private static final int MOMENT_MAX = 15_000;

    /** Longer than a node may be silent. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final long seed = Long.parseLong(
            System.getProperty("meridian.seed", "").isEmpty()
                    ? String.valueOf(System.nanoTime())
                    : System.getProperty("meridian.seed"));
    private final Random random = new Random(seed);

    @Test
    void nothingAcknowledgedIsLostWhicheverNodeIsKilled() throws IOException, InterruptedException {
        try (var platform = LocalPlatform.start(
                        List.of("--regions", "solo", "--zones", "1", "--nodes", String.valueOf(NODES)));
                var network = new Network()) {
            var load = CountedLoad.start(
                    network,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), platform.portOfRegion("solo")),
                    PUBLISHERS,
                    AT_ONCE,
                    random);
            for (var round = 1; round <= ROUNDS; round++) {
                load.awaitAcknowledged(random.nextInt(MOMENT_MIN, MOMENT_MAX));
                var place = "solo/a/" + (1 + random.nextInt(NODES));
                kill(platform, place, round % 2 == 0);
                load.settle();
                load.endRound();
                load.goOn();
                System.out.printf("round %d: %s is back: %s%n", round, place, load.account());
            }
            load.settle();
            System.out.printf("%s, seed %d%n", load.account(), seed);
            load.check();
        }
    }

    private static void kill(LocalPlatform platform, String place, boolean isFirstSilent)
            throws IOException, InterruptedException {
        var node = platform.current("node", place);
        if (isFirstSilent) {
            node.signal("STOP");
            var until = System.nanoTime() + GIVEN_UP.toNanos();
            await().atMost(PATIENCE).until(() -> System.nanoTime() > until);
        }
        node.signal("KILL");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    platform.connect(place).close();
                    return platform.current("node", place).pid() != node.pid();
                });
    }
}
