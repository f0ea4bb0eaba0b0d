package io.meridianmq.control.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meridianmq.control.roster.FakePlatform;
import io.meridianmq.control.roster.Roster;
import io.meridianmq.control.roster.Sighting;
import io.meridianmq.control.roster.Sightings;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.mesh.LiveFigures;
import io.meridianmq.core.mesh.LiveLink;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SnapshotTest {

    private static final long AT_MILLIS = 1_795_348_800_000L;
    private static final Map<String, Double> FIGURES =
            Map.of("mqtt_connections", 120.0, "mqtt_messages_total", 9_000.0);
    private static final Map<String, Double> PER_SECOND = Map.of(
            "mqtt_messages_total", 10.0,
            "mqtt_messages_delivered_locally", 31.52,
            "mqtt_messages_routed_remote", 0.0);

    @Test
    void aLiveNodeHasItsFiguresAndALostOneOnlyWhenItWasSeen() {
        var json = json(
                node("us-east/a/1", Sighting.State.LIVE, link("us-east/a", true, 210), link("us-east/a/2", false, 0)),
                node("us-east/a/2", Sighting.State.LOST, link("us-east/a", true, 150)));

        assertThat(json.get("at").getAsLong()).isEqualTo(AT_MILLIS);
        assertThat(json.get("components")).isEqualTo(JsonParser.parseString("""
                [{"place": "us-east/a/1", "connections": 120, "published": 10, "delivered": 31.5, "routed": 0,
                  "links": [1, 2, 210]},
                 {"place": "us-east/a/2", "state": "lost", "seen": 1795348799000}]
                """));
    }

    @Test
    void aDrainedNodeSaysSo() {
        var drained = node("us-east/a/1", Sighting.State.LIVE);
        var json = json(new Sighting(
                drained.member().withDraining(true), drained.state(), drained.seenMillis(), drained.live()));

        assertThat(component(json, 0).get("draining").getAsBoolean()).isTrue();
    }

    @Test
    void aLinkBetweenGatewaysIsListedOnceAsItsWorseEndSeesIt() {
        var json = json(
                gateway("eu-west", link("us-east", true, 80_000)), gateway("us-east", link("eu-west", true, 80_500)));

        assertThat(json.get("links")).isEqualTo(JsonParser.parseString("""
                [{"from": "eu-west", "to": "us-east", "up": true, "micros": 80500, "bytes": 3000.5}]
                """));

        var broken =
                json(gateway("eu-west", link("us-east", false, 0)), gateway("us-east", link("eu-west", true, 80_500)));
        assertThat(broken.get("links")).isEqualTo(JsonParser.parseString("""
                [{"from": "eu-west", "to": "us-east", "up": false}]
                """));
    }

    @Test
    void linksOfNodesAreListedOnlyWhenTheyAreDown() {
        var json = json(
                node("us-east/a/1", Sighting.State.LIVE, link("us-east/a", true, 100), link("us-east/a/2", false, 0)),
                gateway("us-east/a", link("us-east/a/1", true, 100)));

        assertThat(json.get("links")).isEqualTo(JsonParser.parseString("""
                [{"from": "us-east/a/1", "to": "us-east/a/2", "up": false}]
                """));
    }

    @Test
    void ofVeryManyLinksThatAreDownTheRestIsCounted() {
        var platform = FakePlatform.of(1, 1, 60);
        platform.get().keySet().stream()
                .filter(place -> place.level() == Place.Level.NODE)
                .forEach(place -> platform.cutOff(place.toString()));

        var json = JsonParser.parseString(Snapshot.json(seen(platform))).getAsJsonObject();

        var linksOfNodes = 60 * 59 / 2 + 60;
        assertThat(json.getAsJsonArray("links")).hasSize(Snapshot.DOWN_MAX + 2);
        assertThat(json.get("downMore").getAsInt()).isEqualTo(linksOfNodes - Snapshot.DOWN_MAX);
    }

    @Test
    void theLargestPlatformFitsInTwoMegabytes() {
        var json = Snapshot.json(seen(FakePlatform.of(20, 10, 50)));

        assertThat(json).hasSizeLessThan(2 << 20);
        assertThat(JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("components"))
                .hasSize(1 + 20 + 200 + 10_000);
    }

    @Test
    void detailsHaveEveryFigureAndEveryLink() {
        var details = JsonParser.parseString(Details.json(
                node("us-east/a/1", Sighting.State.LIVE, link("us-east/a", true, 210), link("us-east/a/2", false, 0))));

        assertThat(details).isEqualTo(JsonParser.parseString("""
                {"place": "us-east/a/1", "state": "live", "seen": 1795348799000, "boot": 7, "draining": false,
                 "linkAddress": "127.0.0.1:7000", "clientAddress": "127.0.0.1:1883", "metricsAddress": "127.0.0.1:9000",
                 "figures": [{"name": "mqtt_connections", "value": 120, "perSecond": 0},
                             {"name": "mqtt_messages_total", "value": 9000, "perSecond": 10}],
                 "links": [{"peer": "us-east/a", "up": true, "micros": 210, "sent": 1000, "received": 2000.5},
                           {"peer": "us-east/a/2", "up": false, "micros": 0, "sent": 1000, "received": 2000.5}]}
                """));
    }

    private static Sightings seen(FakePlatform platform) {
        try (var roster = Roster.start(platform, InstantSource.system(), Duration.ofHours(1))) {
            return roster.latest();
        }
    }

    private static JsonObject json(Sighting... sightings) {
        var byPlace = new TreeMap<Place, Sighting>();
        Stream.of(sightings).forEach(sighting -> byPlace.put(sighting.member().place(), sighting));
        return JsonParser.parseString(Snapshot.json(new Sightings(1, AT_MILLIS, byPlace)))
                .getAsJsonObject();
    }

    private static JsonObject component(JsonObject json, int index) {
        return Optional.of(json.getAsJsonArray("components").get(index))
                .map(JsonElement::getAsJsonObject)
                .orElseThrow();
    }

    private static Sighting node(String place, Sighting.State state, LiveLink... links) {
        return sighting(place, state, new LiveFigures(0, 0, FIGURES, PER_SECOND, List.of(links)));
    }

    private static Sighting gateway(String place, LiveLink... links) {
        return sighting(place, Sighting.State.LIVE, new LiveFigures(0, 0, Map.of(), Map.of(), List.of(links)));
    }

    private static Sighting sighting(String place, Sighting.State state, LiveFigures live) {
        var member = new Member(Place.parse(place), 7, "127.0.0.1:7000", "127.0.0.1:1883", "127.0.0.1:9000");
        return new Sighting(member, state, AT_MILLIS - 1_000, Optional.of(live));
    }

    private static LiveLink link(String peer, boolean up, long micros) {
        return new LiveLink(new LinkReport(Place.parse(peer), up, micros, 1, 1), 1_000, 2_000.5);
    }
}
