package io.meridianmq.fabric.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

/** Retained messages over real links: two nodes of a zone, and one of another zone behind gateways. */
class RetainedLinksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long BOOT = 1;

    private final SharedDirectory etcd = new SharedDirectory();

    @Test
    void aMessageIsFoundFromEveryNodeUntilItIsCleared() {
        try (var gateway = Setups.gateway("us/a", BOOT, etcd.handle());
                var sibling = Setups.gateway("us/b", BOOT, etcd.handle());
                var one = new TestNode("us/a/1", etcd.handle());
                var two = new TestNode("us/a/2", etcd.handle());
                var far = new TestNode("us/b/1", etcd.handle())) {
            var nodes = List.of(one, two, far);
            eventually(() -> {
                assertThat(gateway.linkFigures())
                        .hasSize(3)
                        .allSatisfy((_, link) -> assertThat(link.up()).isTrue());
                assertThat(one.runner().linkFigures())
                        .hasSize(2)
                        .allSatisfy((_, link) -> assertThat(link.up()).isTrue());
                assertThat(far.runner().linkFigures())
                        .hasSize(1)
                        .allSatisfy((_, link) -> assertThat(link.up()).isTrue());
            });
            show(tableOf("us/a/1", "us/a/2"), gateway, one, two);
            show(tableOf("us/b/1"), sibling, far);

            for (var i = 0; i < 30; i++) {
                nodes.get(i % 3).retain("plant/" + i, "v" + i, 100 + i);
            }
            eventually(() -> assertThat(nodes.stream().flatMap(node -> node.events.stream()))
                    .hasSize(30)
                    .allMatch(event -> event.startsWith("kept 0 ")));
            for (var node : nodes) {
                node.lookUp("plant/7", 1);
                eventually(() -> assertThat(node.events).containsSubsequence("found 1 plant/7 v7", "found 1"));
                node.lookUp("plant/+", 2);
                eventually(() -> assertThat(node.events).contains("found 2"));
                assertThat(node.events)
                        .filteredOn(event -> event.startsWith("found 2 plant/"))
                        .hasSize(30);
            }

            two.retain("plant/7", "", 200);
            eventually(() -> assertThat(two.events).contains("kept 0 200"));
            for (var node : nodes) {
                node.lookUp("plant/7", 3);
                node.lookUp("#", 4);
                eventually(() -> assertThat(node.events).contains("found 3", "found 4"));
                assertThat(node.events)
                        .filteredOn(event -> event.startsWith("found 3 "))
                        .isEmpty();
                assertThat(node.events)
                        .filteredOn(event -> event.startsWith("found 4 "))
                        .hasSize(29);
            }
        }
    }

    /** Nodes that own the slots in turn, each with the next as its standby. */
    private static SlotTable tableOf(String... nodes) {
        var members = new ArrayList<Incarnation>();
        for (var node : nodes) {
            members.add(new Incarnation(Place.parse(node), BOOT));
        }
        var slots = new ArrayList<Slot>();
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            var owner = members.get(slot % members.size());
            var standby = members.get((slot + 1) % members.size());
            slots.add(new Slot(
                    Optional.of(owner), Optional.of(standby).filter(copy -> !copy.equals(owner)), Optional.empty(), 1));
        }
        return new SlotTable(1, slots);
    }

    private static void show(SlotTable table, MeshRunner<GatewayMesh> gateway, TestNode... nodes) {
        gateway.execute(() -> gateway.mesh().onSlots(table, System.nanoTime()));
        for (var node : nodes) {
            node.runner().execute(() -> node.runner().mesh().onSlots(table, System.nanoTime()));
        }
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).pollInterval(20, TimeUnit.MILLISECONDS).untilAsserted(assertion);
    }
}
