package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.ClaimRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to clients, nodes, slots and messages: when it is quiet again, every session is where the owner of its
 * slot says, none is in two places, and a client finds it from any node.
 */
final class HomePropertyTest {

    private static final int SEEDS = 60;
    private static final int STEPS = 60;
    private static final int NODES = 4;
    private static final int CLIENTS = 6;

    @Test
    void sessionsAreWhereTheirOwnersSay() {
        var given = Long.getLong("meridian.seed");
        for (var seed = given == null ? 1 : given; seed <= (given == null ? SEEDS : given); seed++) {
            new Run(seed).play();
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final ClaimZone zone = new ClaimZone(NODES);
        private final List<ClaimZone.Connection> connections = new ArrayList<>();
        private final Deque<ClaimZone.Node> dead = new ArrayDeque<>();
        private long boots = 1;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            zone.own(1, 2);
        }

        void play() {
            for (var step = 0; step < STEPS; step++) {
                act();
            }
            quiesce();
            check();
        }

        private void act() {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> connect(client(), random.nextInt(4) == 0);
                case 4, 5 -> close();
                case 6 -> kill();
                case 7 -> restart();
                case 8 -> own();
                case 9 -> cut();
                default -> zone.pass(random.nextInt(40) / 10.0);
            }
        }

        private void connect(String clientId, boolean clean) {
            var expirySeconds = random.nextInt(4) == 0 ? 0 : 1_000;
            connections.add(anyNode().connect(clientId, clean, expirySeconds, Optional.empty()));
        }

        private void close() {
            if (!connections.isEmpty()) {
                var connection = connections.remove(random.nextInt(connections.size()));
                if (!connection.isOver && zone.nodes.containsValue(connection.node)) {
                    connection.close(random.nextBoolean() ? Ending.NORMAL : Ending.LOST);
                }
            }
        }

        private void kill() {
            if (zone.nodes.size() > 2) {
                var node = anyNode();
                dead.addLast(node);
                zone.kill(node.number);
                zone.showView();
                own();
            }
        }

        private void restart() {
            if (!dead.isEmpty()) {
                var node = dead.removeFirst();
                boots++;
                zone.restart(node.number, boots, node);
                zone.showView();
                zone.table(node.number);
            }
        }

        private void own() {
            var owner = anyNode().number;
            var standby = anyNode().number;
            if (owner == standby) {
                zone.own(owner);
            } else {
                zone.own(owner, standby);
            }
        }

        /** Messages between two nodes are lost for a while. */
        private void cut() {
            var one = anyNode().number;
            var other = anyNode().number;
            zone.arrives = (from, to) -> !(from == one && to == other);
            zone.pass(random.nextInt(30) / 10.0);
            zone.arrives = (_, _) -> true;
        }

        private void quiesce() {
            while (!dead.isEmpty()) {
                restart();
            }
            zone.pass(15);
            own();
            zone.pass(15);
        }

        private void check() {
            var clients = new TreeSet<String>();
            for (var node : zone.nodes.values()) {
                for (var clientId : node.sessions.keySet()) {
                    assertThat(clients.add(clientId))
                            .as("seed %d: %s has one session", seed, clientId)
                            .isTrue();
                    assertThat(claim(clientId).flatMap(ClaimRecord::home))
                            .as("seed %d: home of %s", seed, clientId)
                            .contains(node.incarnation);
                }
            }
            for (var number = 0; number < CLIENTS; number++) {
                var clientId = "client-" + number;
                var claim = claim(clientId);
                assertThat(claim.flatMap(ClaimRecord::home).isPresent())
                        .as("seed %d: the owner knows of a session of %s", seed, clientId)
                        .isEqualTo(clients.contains(clientId));
                // What ends with the connection that it has ends when another one takes over.
                var goesOn = claim.filter(known -> known.home().isPresent() && known.expirySeconds() > 0)
                        .isPresent();
                zone.take();
                var node = anyNode();
                node.connect(clientId, false, 1_000, Optional.empty());
                assertThat(zone.take())
                        .as("seed %d", seed)
                        .contains(node.number + ": " + clientId + (goesOn ? " goes on" : " opens"));
            }
        }

        private Optional<ClaimRecord> claim(String clientId) {
            return zone.nodes.values().stream()
                    .flatMap(node -> node.claims.find(clientId, zone.nowNanos()).stream())
                    .findFirst();
        }

        private String client() {
            return "client-" + random.nextInt(CLIENTS);
        }

        private ClaimZone.Node anyNode() {
            var nodes = List.copyOf(zone.nodes.values());
            return nodes.get(random.nextInt(nodes.size()));
        }
    }
}
