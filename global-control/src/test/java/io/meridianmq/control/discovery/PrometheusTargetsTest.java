package io.meridianmq.control.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.meridianmq.control.roster.Sighting;
import io.meridianmq.control.roster.Sightings;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.http.HttpPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PrometheusTargetsTest {

    @Test
    void everyComponentIsATargetWithItsKindAndPlace() {
        var targets = json(sightings(
                sighting("global", "127.0.0.1:20005"),
                sighting("us-east", "127.0.0.1:20013"),
                sighting("us-east/a", "[::1]:20102"),
                sighting("us-east/a/1", "127.0.0.1:20112")));

        assertThat(targets).isEqualTo(JsonParser.parseString("""
                [{"targets": ["127.0.0.1:20005"], "labels": {"__meta_meridian_kind": "global-control",
                  "__meta_meridian_place": "global"}},
                 {"targets": ["127.0.0.1:20013"], "labels": {"__meta_meridian_kind": "region-gateway",
                  "__meta_meridian_place": "us-east", "__meta_meridian_region": "us-east"}},
                 {"targets": ["[::1]:20102"], "labels": {"__meta_meridian_kind": "zone-gateway",
                  "__meta_meridian_place": "us-east/a", "__meta_meridian_region": "us-east",
                  "__meta_meridian_zone": "a"}},
                 {"targets": ["127.0.0.1:20112"], "labels": {"__meta_meridian_kind": "node",
                  "__meta_meridian_place": "us-east/a/1", "__meta_meridian_region": "us-east",
                  "__meta_meridian_zone": "a", "__meta_meridian_node": "1"}}]
                """));
    }

    @Test
    void whoServesNoMetricsIsNoTarget() {
        assertThat(json(sightings(sighting("us-east/a/1", "")))).isEqualTo(JsonParser.parseString("[]"));
    }

    @Test
    void isServedAsPrometheusDemandsIt() throws IOException, InterruptedException {
        try (var http = HttpPort.open(new HostPort("127.0.0.1", 0));
                var client = HttpClient.newHttpClient()) {
            var one = sightings(sighting("us-east/a/1", "127.0.0.1:20112"));
            http.serve(PrometheusTargets.PATH, new PrometheusTargets(() -> one));
            var address = URI.create("http://" + http.address() + PrometheusTargets.PATH);

            var response = client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/json; charset=utf-8");
            assertThat(JsonParser.parseString(response.body())).isEqualTo(json(one));
        }
    }

    private static JsonElement json(Sightings sightings) {
        return JsonParser.parseString(PrometheusTargets.json(sightings));
    }

    private static Sightings sightings(Sighting... all) {
        var byPlace = new TreeMap<Place, Sighting>();
        Stream.of(all).forEach(sighting -> byPlace.put(sighting.member().place(), sighting));
        return new Sightings(1, 0, byPlace);
    }

    /** Its state does not matter. */
    private static Sighting sighting(String place, String metricsAddress) {
        var member = new Member(Place.parse(place), 1, "127.0.0.1:7000", "", metricsAddress);
        return new Sighting(member, Sighting.State.LOST, 0, Optional.empty());
    }
}
