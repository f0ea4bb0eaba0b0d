package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Half a million clients of one owner with a standby: bytes for each at the owner, at its copy and at the front, and opens a
 * second, all three nodes on one thread.
 */
@Tag("large")
final class ClaimScaleTest {

    private static final int CLIENTS = 500_000;
    private static final int BATCH = 1_000;

    @Test
    void keepsToItsBytesAndOpensASecond() throws InterruptedException {
        var zone = new ClaimZone(3);
        var before = usedBytes();
        zone.own(2, 3);
        open(zone, 0, CLIENTS);
        zone.pass(0.1);
        var bytes = (double) (usedBytes() - before) / CLIENTS;
        assertThat(zone.node(2).claims.figures().owner().claims()).isEqualTo(CLIENTS);
        assertThat(zone.node(3).claims.figures().copiedClaims()).isEqualTo(CLIENTS);

        var start = System.nanoTime();
        open(zone, CLIENTS, 2 * CLIENTS); // Each takes over from its own connection before.
        var rate = CLIENTS / ((System.nanoTime() - start) / 1e9);

        System.out.printf(
                "%,d claims: %.0f bytes for each client, its connection at the front, its claim and its copy together;"
                        + " %,.0f opens/s with takeover%n",
                CLIENTS, bytes, rate);
        assertThat(zone.node(2).claims.figures().owner().claims()).isEqualTo(CLIENTS);
        assertThat(rate).isGreaterThan(5_000);
    }

    private static void open(ClaimZone zone, int from, int to) {
        for (var number = from; number < to; number++) {
            var node = zone.node(1);
            var clientId = "client-%013d".formatted(number % CLIENTS);
            var connection = zone.new Connection(node, clientId, 0);
            node.claims.open(clientId, true, 0, Optional.empty(), connection, zone.nowNanos());
            if (number % BATCH == BATCH - 1) {
                zone.settle();
                zone.take();
            }
        }
    }

    private static long usedBytes() throws InterruptedException {
        for (var round = 0; round < 3; round++) {
            System.gc();
            Thread.sleep(50); // The collector's threads finish what it left to them.
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
