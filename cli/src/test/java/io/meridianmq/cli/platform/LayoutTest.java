package io.meridianmq.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LayoutTest {

    private static final Shape THREE_REGIONS = new Shape(List.of("us-east", "eu-west", "ap-south"), 2, 3, 1883, 20_000);

    @Test
    void defaultPlatformHasEveryProcessOnce() {
        var layout = Layout.of(Shape.DEFAULT, RunningEtcd.NONE);
        var byKind =
                layout.components().stream().collect(Collectors.groupingBy(Component::kind, Collectors.counting()));

        assertThat(byKind)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Kind.ETCD, 3L,
                        Kind.GLOBAL_CONTROL, 1L,
                        Kind.REGION_GATEWAY, 2L,
                        Kind.ZONE_GATEWAY, 4L,
                        Kind.NODE, 8L,
                        Kind.HAPROXY, 2L));
        assertThat(names(layout)).doesNotHaveDuplicates().contains("etcd-global", "us-east/b/2", "haproxy-eu-west");
    }

    @Test
    void portsAreDistinct() {
        for (var shape : List.of(Shape.DEFAULT, THREE_REGIONS)) {
            var ports = Layout.of(shape, RunningEtcd.NONE, Duration.ofMillis(80)).components().stream()
                    .flatMap(component -> component.ports().stream());
            assertThat(ports).doesNotHaveDuplicates();
        }
    }

    @Test
    void devicesConnectInStepsOfAThousand() {
        var layout = Layout.of(THREE_REGIONS, RunningEtcd.NONE);

        assertThat(component(layout, "haproxy-us-east").port()).isEqualTo(1883);
        assertThat(component(layout, "haproxy-eu-west").port()).isEqualTo(2883);
        assertThat(component(layout, "haproxy-ap-south").port()).isEqualTo(3883);
    }

    @Test
    void biggerPlatformKeepsThePortsOfTheSmallerOne() {
        var after = Layout.of(THREE_REGIONS, RunningEtcd.NONE);

        for (var before : Layout.of(Shape.DEFAULT, RunningEtcd.NONE).components()) {
            assertThat(component(after, before.name()).ports())
                    .as(before.name())
                    .isEqualTo(before.ports());
        }
    }

    @Test
    void loadBalancerHasTheNodesOfAllZonesOfItsRegion() {
        var layout = Layout.of(THREE_REGIONS, RunningEtcd.NONE);

        assertThat(component(layout, "haproxy-eu-west"))
                .isInstanceOfSatisfying(
                        Component.LoadBalancer.class,
                        balancer -> assertThat(balancer.nodes())
                                .extracting(node -> node.place().toString())
                                .containsExactly(
                                        "eu-west/a/1",
                                        "eu-west/a/2",
                                        "eu-west/a/3",
                                        "eu-west/b/1",
                                        "eu-west/b/2",
                                        "eu-west/b/3"));
    }

    @Test
    void etcdThatRunsAlreadyIsUsedAndNotStarted() {
        var running = new RunningEtcd(Map.of(Place.GLOBAL, "10.0.0.1:2379", Place.region("eu-west"), "10.0.0.2:2379"));
        var layout = Layout.of(Shape.DEFAULT, running);

        assertThat(names(layout)).contains("etcd-us-east").doesNotContain("etcd-global", "etcd-eu-west");
        assertThat(layout.globalEtcd()).isEqualTo("10.0.0.1:2379");
        assertThat(layout.regionEtcd())
                .containsEntry(Place.region("us-east"), "127.0.0.1:20010")
                .containsEntry(Place.region("eu-west"), "10.0.0.2:2379");
    }

    @Test
    void slowNetworkLeadsToEachRegionGateway() {
        var layout = Layout.of(Shape.DEFAULT, RunningEtcd.NONE, Duration.ofMillis(80));

        assertThat(layout.wanProxy().orElseThrow().ways())
                .extracting(way -> way.gateway().place() + " at " + way.port())
                .containsExactly("us-east at 20015", "eu-west at 21015");
        assertThat(Layout.of(Shape.DEFAULT, RunningEtcd.NONE).wanProxy()).isEmpty();
    }

    @Test
    void largestPlatformFits() {
        var regions = List.of("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9");
        var layout = Layout.of(new Shape(regions, 9, 9, 1883, 20_000), RunningEtcd.NONE);

        assertThat(layout.components()).hasSize(2 + 10 * (3 + 9 + 81));
    }

    @Test
    void clientPortInsideTheOtherPortsIsRefused() {
        assertThatThrownBy(() -> Layout.of(new Shape(List.of("us-east"), 1, 1, 20_110, 20_000), RunningEtcd.NONE))
                .hasMessageContaining("20110")
                .hasMessageContaining("us-east/a/1")
                .hasMessageContaining("haproxy-us-east");
    }

    @Test
    void impossibleShapesAreRefusedWithTheReason() {
        assertThatThrownBy(() -> new Shape(List.of(), 2, 2, 1883, 20_000)).hasMessageContaining("0 regions");
        assertThatThrownBy(() -> new Shape(List.of("us-east"), 10, 2, 1883, 20_000))
                .hasMessageContaining("1 to 9");
        assertThatThrownBy(() -> new Shape(List.of("us-east"), 2, 0, 1883, 20_000))
                .hasMessageContaining("0 nodes");
        assertThatThrownBy(() -> new Shape(List.of("US"), 2, 2, 1883, 20_000)).hasMessageContaining("\"US\"");
        assertThatThrownBy(() -> new Shape(List.of("a", "a"), 2, 2, 1883, 20_000))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> new Shape(List.of("a"), 2, 2, 80, 20_000)).hasMessageContaining("client port 80");
        assertThatThrownBy(() -> new Shape(List.of("a"), 2, 2, 1883, 65_000)).hasMessageContaining("base port 65000");
        assertThatThrownBy(() -> new RunningEtcd(Map.of(Place.GLOBAL, "http://etcd:2379")))
                .hasMessageContaining("expected host:port");
    }

    private static List<String> names(Layout layout) {
        return layout.components().stream().map(Component::name).toList();
    }

    static Component component(Layout layout, String name) {
        return layout.components().stream()
                .filter(component -> component.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
