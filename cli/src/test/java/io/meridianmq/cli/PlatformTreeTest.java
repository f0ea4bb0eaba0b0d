package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.meridianmq.proto.admin.v1.Component;
import io.meridianmq.proto.admin.v1.Link;
import io.meridianmq.proto.admin.v1.Node;
import io.meridianmq.proto.admin.v1.Region;
import io.meridianmq.proto.admin.v1.WatchPlatformResponse;
import io.meridianmq.proto.admin.v1.Zone;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlatformTreeTest {

    private static final WatchPlatformResponse PLATFORM = WatchPlatformResponse.newBuilder()
            .addRegions(Region.newBuilder().setGateway(component("us-east", Component.State.STATE_LIVE)))
            .addRegions(Region.newBuilder().setGateway(component("eu-west", Component.State.STATE_SILENT)))
            .addZones(Zone.newBuilder().setGateway(component("us-east/a", Component.State.STATE_LIVE)))
            .addNodes(node("us-east/a/1", 1_200, 300, 1_000.4))
            .addNodes(node("us-east/a/2", 800, 10, 0.2))
            .addNodes(Node.newBuilder().setComponent(component("us-east/b/1", Component.State.STATE_LIVE)))
            .build();

    @Test
    void theTreeSumsUpWhatNodesCount() {
        assertThat(new PlatformTree(PLATFORM).toText()).isEqualTo("""
                PLACE    STATE    CONNECTIONS  IN/S  OUT/S  ONWARD/S  LINKS  ROUND TRIP  DEVICES AT
                eu-west  silent             -     -      -         -      -           -
                us-east  live           2,000   310  1,001         -      -           -
                ├─ a     live           2,000   310  1,001         -      -           -
                │  ├─ 1  live           1,200   300  1,000         -    1/2      1.3 ms  127.0.0.1:1883
                │  └─ 2  live             800    10      0         -    1/2      1.3 ms  127.0.0.1:1883
                └─ b     unknown            -     -      -         -      -           -
                   └─ 1  live               -     -      -         -      -           -
                """);
    }

    @Test
    void jsonNestsZonesAndNodes() {
        var regions = JsonParser.parseString(new PlatformTree(PLATFORM).toJson())
                .getAsJsonObject()
                .getAsJsonArray("regions");
        var node = regions.get(1)
                .getAsJsonObject()
                .getAsJsonArray("zones")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("nodes")
                .get(0);

        assertThat(regions).hasSize(2);
        assertThat(node).isEqualTo(JsonParser.parseString("""
                                {"place": "us-east/a/1", "state": "live", "boot": 7, "linkAddress": "127.0.0.1:20111",
                                 "clientAddress": "127.0.0.1:1883", "metricsAddress": "127.0.0.1:20112",
                                 "reportedAt": "2026-11-22T12:00:00.250Z",
                                 "figures": {"mqtt_connections": 1200.0},
                                 "figuresPerSecond": {"mqtt_messages_delivered_locally": 1000.4,
                                 "mqtt_messages_total": 300.0},
                                 "links": [
                                 {"peer": "us-east/a/3", "up": false, "sentBytesPerSecond": 0.0,
                                 "receivedBytesPerSecond": 0.0},
                                 {"peer": "us-east/a", "up": true, "roundTripMillis": 1.25,
                                 "sentBytesPerSecond": 10.5, "receivedBytesPerSecond": 0.0}]}
                                """));
    }

    @Test
    void anEmptyPlatformSaysSo() {
        assertThat(new PlatformTree(WatchPlatformResponse.getDefaultInstance()).toText())
                .isEqualTo("global-control knows no region yet\n");
        assertThat(new PlatformTree(WatchPlatformResponse.getDefaultInstance()).toJson())
                .isEqualToIgnoringWhitespace("{\"regions\": []}");
    }

    private static Node node(String place, double connections, double in, double out) {
        var component = component(place, Component.State.STATE_LIVE).toBuilder()
                .setBoot(7)
                .setLinkAddress("127.0.0.1:20111")
                .setClientAddress("127.0.0.1:1883")
                .setMetricsAddress("127.0.0.1:20112")
                .setReportedAt(Timestamp.newBuilder().setSeconds(1_795_348_800).setNanos(250_000_000))
                .addLinks(Link.newBuilder().setPeer("us-east/a/3"))
                .addLinks(Link.newBuilder()
                        .setPeer("us-east/a")
                        .setUp(true)
                        .setRoundTrip(Duration.newBuilder().setNanos(1_250_000))
                        .setSentBytesPerSecond(10.5))
                .putFigures("mqtt_connections", connections)
                .putAllFiguresPerSecond(Map.of("mqtt_messages_total", in, "mqtt_messages_delivered_locally", out));
        return Node.newBuilder().setComponent(component).build();
    }

    private static Component component(String place, Component.State state) {
        return Component.newBuilder().setPlace(place).setState(state).build();
    }
}
