package io.meridianmq.fabric.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.LinkConfig;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.link.OpaqueBytes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

class MeshRunnerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Place REGION = Place.parse("us");
    private static final Place ZONE = Place.parse("us/a");
    private static final Place SIBLING = Place.parse("us/b");

    private final SharedDirectory etcd = new SharedDirectory();

    @Test
    void aSubscriptionAtOneNodeGetsWhatIsPublishedAtAnother() {
        try (var gateway = Setups.gateway("us/a", 1, etcd.handle());
                var one = new TestNode("us/a/1", etcd.handle());
                var two = new TestNode("us/a/2", etcd.handle())) {
            eventually(() -> assertThat(List.of(
                            gateway.isReady(),
                            one.runner().isReady(),
                            two.runner().isReady()))
                    .doesNotContain(false));
            eventually(() -> {
                assertUp(one.runner(), ZONE, Place.parse("us/a/2"));
                assertUp(two.runner(), ZONE, Place.parse("us/a/1"));
            });

            two.subscribe("plant/+/temp", 7);
            eventually(() -> assertThat(two.events).contains("visible 7"));
            one.publish("plant/9/temp", Qos.AT_LEAST_ONCE, "21", 8);
            eventually(() -> assertThat(one.events).containsExactly("accepted 8"));
            assertThat(two.events).containsExactly("visible 7", "plant/9/temp 21");
        }
    }

    @Test
    void whatNodesSayOnTheirStreamArrivesInOrderUntilOneLeaves() {
        try (var gateway = Setups.gateway("us/a", 1, etcd.handle());
                var one = new TestNode("us/a/1", etcd.handle())) {
            try (var two = new TestNode("us/a/2", etcd.handle())) {
                eventually(() -> assertUp(gateway, Place.parse("us/a/1"), Place.parse("us/a/2")));
                one.say("us/a/2", 5, "attach");
                one.say("us/a/2", 6, "attach");
                eventually(() ->
                        assertThat(two.events).containsExactly("us/a/1 says of 5: attach", "us/a/1 says of 6: attach"));
                two.say("us/a/1", 6, "opened");
                eventually(() -> assertThat(one.events).containsExactly("us/a/2 says of 6: opened"));
            }
            eventually(() -> assertThat(one.events).containsExactly("us/a/2 says of 6: opened", "us/a/2 ended"));
        }
    }

    @Test
    void gatewaysFindEachOtherAgainAfterOneWasReplaced() {
        try (var region = Setups.gateway("us", 1, etcd.handle());
                var zone = Setups.gateway("us/a", 1, etcd.handle())) {
            try (var sibling = Setups.gateway("us/b", 1, etcd.handle())) {
                eventually(() -> {
                    assertUp(region, ZONE, SIBLING);
                    assertUp(zone, REGION, SIBLING);
                    assertUp(sibling, REGION, ZONE);
                });
            }
            eventually(() -> assertThat(zone.linkFigures()).containsOnlyKeys(REGION));

            try (var successor = Setups.gateway("us/b", 2, etcd.handle())) {
                eventually(() -> {
                    assertUp(successor, REGION, ZONE);
                    assertUp(zone, REGION, SIBLING);
                });
                assertThat(zone.linkFigures().get(SIBLING))
                        .satisfies(figures -> assertThat(figures.peerBoot()).isEqualTo(2));
            }
        }
    }

    @Test
    void aRegionGatewayFollowsItsRegionAndTheWholePlatform() {
        var global = new SharedDirectory();
        var elsewhere = new SharedDirectory();
        try (var zone = Setups.gateway("us/a", 1, etcd.handle());
                var us = Setups.gateway("us", 1, etcd.handle(), global.handle());
                var eu = Setups.gateway("eu", 1, elsewhere.handle(), global.handle())) {
            eventually(() -> {
                assertUp(us, ZONE, Place.parse("eu"));
                assertUp(eu, REGION);
                assertUp(zone, REGION);
            });
        }
        assertThat(global.handle().view().members()).isEmpty();
    }

    @Test
    void directoriesBeyondHomeListTheAddressThatIsMeantForThem() {
        var global = new SharedDirectory();
        var beyond = new HostPort("127.0.0.1", 7001);
        try (var us =
                Setups.gateway(Setups.reached(beyond, Place.parse("us"), 1, List.of(etcd.handle(), global.handle())))) {
            assertThat(etcd.handle().view().member(REGION)).contains(us.member());
            assertThat(global.handle().view().member(REGION))
                    .contains(us.member().withLinkAddress("127.0.0.1:7001"));

            us.listDraining(true);

            assertThat(global.handle().view().member(REGION))
                    .contains(us.member().withLinkAddress("127.0.0.1:7001"));
        }
    }

    @Test
    void aComponentThatCannotSeeItsHomeLinksToNobody() {
        var global = new SharedDirectory();
        try (var us = Setups.gateway("us", 1, new DeafDirectory(), global.handle());
                var eu = Setups.gateway("eu", 1, new SharedDirectory().handle(), global.handle())) {
            eventually(() -> assertThat(eu.linkFigures()).containsOnlyKeys(REGION));
            eventually(() -> assertThat(eu.linkFigures().get(REGION))
                    .satisfies(figures -> assertThat(figures.up()).isFalse()));
            assertThat(us.isReady()).isFalse();
            assertThat(us.linkFigures()).isEmpty();
        }
    }

    @Test
    void aNodeThatSeesNobodyIsNotReady() {
        try (var node = new TestNode("us/a/1", new DeafDirectory())) {
            var asked = new CompletableFuture<Boolean>();
            node.runner().execute(() -> asked.complete(node.runner().mesh().isReady(System.nanoTime())));
            assertThat(asked.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                    .as("what its mesh says, which misses nobody")
                    .isTrue();
            assertThat(node.runner().isMeshReady()).isFalse();
        }
    }

    @Test
    void aComponentThatIsDrainedStaysListedWithItsBootAndItsLinks() {
        try (var region = Setups.gateway("us", 1, etcd.handle());
                var zone = Setups.gateway("us/a", 1, etcd.handle())) {
            eventually(() -> {
                assertUp(zone, REGION);
                assertUp(region, ZONE);
            });
            zone.listDraining(true);
            assertThat(etcd.handle().view().member(ZONE)).contains(zone.member());
            assertThat(zone.member().draining()).isTrue();
            assertThat(zone.isListed()).isTrue();
            zone.listDraining(false);
            assertThat(etcd.handle().view().member(ZONE)).contains(zone.member());
            assertThat(zone.member().draining()).isFalse();
            assertUp(region, ZONE);
        }
    }

    @Test
    void refusesAnAddressForLinksThatIsTaken() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var bind = new HostPort("127.0.0.1", taken.getLocalPort());
            var setup = Setups.at(bind, ZONE, 1, List.of(etcd.handle()));
            assertThatThrownBy(() -> Setups.gateway(setup))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("cannot accept links on " + bind)
                    .hasMessageContaining("Address already in use")
                    .hasMessageContaining("link.bind");
            assertThat(etcd.handle().view().members()).isEmpty();
        }
    }

    @Test
    void aMeshThatThrowsEndsTheProcess() throws Exception {
        var failed = new CompletableFuture<String>();
        var bind = new HostPort("127.0.0.1", 0);
        var setup = new MeshSetup(
                ZONE,
                1,
                new LinkConfig(bind, bind, bind, Optional.empty()),
                LinkSettings.DEFAULTS,
                "",
                "",
                OpaqueBytes.CODEC,
                List.of(etcd.handle()),
                (what, cause) -> failed.complete(what + ": " + cause.getMessage()));
        try (var runner = MeshRunner.start(
                setup,
                (send, nowNanos) ->
                        new GatewayMesh(ZONE, 1, Setups.RULES, MeshSettings.DEFAULT, new GatewayOutlet(send), nowNanos),
                _ -> Map.of())) {
            eventually(() -> assertThat(runner.isReady()).isTrue());
            runner.execute(() -> {
                throw new IllegalStateException("planted");
            });
            assertThat(failed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo("a task of the mesh thread: planted");
            assertThat(runner.isReady()).isFalse();
        }
    }

    @Test
    void tasksRunOnTheMeshThreadUntilTheEnd() {
        var name = new CompletableFuture<String>();
        var gateway = Setups.gateway("us/a", 1, etcd.handle());
        gateway.execute(() -> name.complete(Thread.currentThread().getName()));
        assertThat(name.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
                .isEqualTo("mesh");
        gateway.close();
        assertThatThrownBy(() -> gateway.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(etcd.handle().view().members()).isEmpty();
    }

    @Test
    void linksHaveMetersWhileTheyHaveANeighbour() {
        var registry = new SimpleMeterRegistry();
        try (var zone = Setups.gateway("us/a", 1, etcd.handle())) {
            zone.bindTo(registry);
            try (var region = Setups.gateway("us", 1, etcd.handle())) {
                var peer = region.member().place().toString();
                eventually(() -> assertThat(registry.find("meridian.link.up")
                                .tag("peer", peer)
                                .gauges())
                        .singleElement()
                        .extracting(Gauge::value)
                        .isEqualTo(1.0));
            }
            eventually(() -> assertThat(registry.getMeters())
                    .extracting(meter -> meter.getId().getTag("peer"))
                    .containsOnlyNulls());
        }
    }

    private static void assertUp(MeshRunner<?> runner, Place... peers) {
        assertThat(runner.linkFigures()).containsOnlyKeys(peers);
        assertThat(runner.linkFigures().values())
                .allSatisfy(figures -> assertThat(figures.up()).isTrue());
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).untilAsserted(assertion);
    }
}
