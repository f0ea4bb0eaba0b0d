package io.meridianmq.fabric.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.SlotFigures;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.directory.EtcdServer;
import io.meridianmq.fabric.directory.TcpProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The slots of a zone of three nodes, with a real etcd, real links, and the times of production. */
@Tag("server")
@Timeout(240)
class ZoneSlotsTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What the design promises for the slots of a node that died. */
    private static final Duration SERVED_AGAIN = Duration.ofSeconds(8);

    private final List<AutoCloseable> toClose = new CopyOnWriteArrayList<>();
    private final EtcdServer etcd;

    ZoneSlotsTest(@TempDir Path folder) {
        etcd = EtcdServer.started(folder.resolve("etcd"));
        toClose.add(etcd);
    }

    @AfterEach
    void closeInReverse() throws Exception {
        for (var closeable : new ArrayList<>(toClose).reversed()) {
            closeable.close();
        }
    }

    @Test
    void slotsAreSharedAndThoseOfANodeThatDiesAreServedAgain() throws Exception {
        var proxy = TcpProxy.to(etcd.address());
        toClose.add(proxy);
        var doomed = new TestNode("us-east/a/1", directory(proxy));
        await().atMost(LIMIT).until(() -> doomed.runner().mesh().slots().version() > 0);
        var second = closeLater(new TestNode("us-east/a/2", directory()));
        var third = closeLater(new TestNode("us-east/a/3", directory()));
        awaitBalance(doomed, second, third);
        assertThat(figures(doomed).leads()).isTrue();

        proxy.cut();
        var sinceNanos = System.nanoTime();
        var dying = Thread.ofVirtual().start(doomed::close);
        await().atMost(SERVED_AGAIN)
                .until(() -> second.runner().mesh().slots().slots().stream()
                        .noneMatch(slot -> slot.isOwnedBy(incarnation(doomed))));
        System.out.printf(
                "the slots of a node that died were served again after %.1f s%n",
                (System.nanoTime() - sinceNanos) / 1e9);
        awaitBalance(second, third);
        dying.join();
    }

    @Test
    void aNodeThatDrainsGivesEverythingAwayAndLeavesNoGap() {
        var draining = closeLater(new TestNode("us-east/a/1", directory()));
        var second = closeLater(new TestNode("us-east/a/2", directory()));
        var third = closeLater(new TestNode("us-east/a/3", directory()));
        awaitBalance(draining, second, third);
        draining.runner().listDraining(true);
        awaitBalance(second, third);
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(figures(draining).tableVersion())
                    .isEqualTo(figures(second).tableVersion());
            assertThat(figures(draining).owned() + figures(draining).standby()).isZero();
        });
        assertThat(figures(second).unowned()).isZero();
        draining.runner().listDraining(false);
        awaitBalance(draining, second, third);
    }

    private static void awaitBalance(TestNode... nodes) {
        await().atMost(LIMIT).untilAsserted(() -> {
            var version = figures(nodes[0]).tableVersion();
            for (var node : nodes) {
                assertThat(figures(node).tableVersion()).isEqualTo(version);
                var share = SlotHash.COUNT / nodes.length;
                assertThat(figures(node).owned()).isBetween(share, share + 1);
                assertThat(figures(node).standby()).isBetween(share - 1, share + 2);
            }
            assertThat(table(nodes[0]).slots())
                    .allMatch(slot -> slot.joining().isEmpty() && slot.standby().isPresent());
        });
    }

    private static SlotFigures figures(TestNode node) {
        return CompletableFuture.supplyAsync(() -> node.runner().mesh().slotFigures(), node.runner())
                .join();
    }

    private static SlotTable table(TestNode node) {
        return node.runner().mesh().slots();
    }

    private static Incarnation incarnation(TestNode node) {
        return node.runner().member().incarnation();
    }

    private EtcdDirectory directory() {
        return EtcdDirectory.start("region", List.of(etcd.address()), _ -> {});
    }

    private static EtcdDirectory directory(TcpProxy proxy) {
        return EtcdDirectory.start("region", List.of(proxy.address()), _ -> {});
    }

    private <T extends AutoCloseable> T closeLater(T closeable) {
        toClose.add(closeable);
        return closeable;
    }
}
