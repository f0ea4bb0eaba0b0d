package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Half a million clients of one owner with a standby: bytes for each at the owner, at its copy and at the front. */
@Tag("large")
final class ClaimScaleTest {

    private static final int CLIENTS = 500_000;
    private static final int BATCH = 1_000;

    /** Room for 500,000 clients of a node in a quarter of a gigabyte. */
    private static final int BYTES_MAX = 500;

    @Test
    void keepsToItsBytes() {
        var zone = new ClaimZone(3);
        var before = usedBytes();
        zone.own(2, 3);
        open(zone, 0, CLIENTS);
        zone.pass(0.1);
        var bytes = (double) (usedBytes() - before) / CLIENTS;
        assertThat(zone.node(2).claims.figures().owner().claims()).isEqualTo(CLIENTS);
        assertThat(zone.node(3).claims.figures().copiedClaims()).isEqualTo(CLIENTS);

        open(zone, CLIENTS, 2 * CLIENTS); // Each takes over from its own connection before.

        System.out.printf(
                "%,d claims: %.0f bytes for each client, its connection at the front, its claim and its copy together%n",
                CLIENTS, bytes);
        assertThat(zone.node(2).claims.figures().owner().claims()).isEqualTo(CLIENTS);
        assertThat(bytes).isLessThan(BYTES_MAX);
    }

    private static void open(ClaimZone zone, int from, int to) {
        for (var number = from; number < to; number++) {
            var node = zone.node(1);
            var clientId = "client-%013d".formatted(number % CLIENTS);
            var connection = zone.new Connection(node, clientId, 0, Optional.empty());
            node.claims.open(clientId, true, 0, Optional.empty(), connection, zone.nowNanos());
            if (number % BATCH == BATCH - 1) {
                zone.settle();
                zone.take();
            }
        }
    }

    /** The serial collector, which tests run with, is done when this returns. */
    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
