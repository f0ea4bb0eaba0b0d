package io.meridianmq.control.console;

import io.meridianmq.control.roster.Sighting;
import io.meridianmq.control.roster.Sighting.State;
import io.meridianmq.control.roster.Sightings;
import io.meridianmq.core.mesh.LiveFigures;
import io.meridianmq.fabric.http.JsonText;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The platform at one moment as the page gets it, in JSON.
 *
 * <pre>{@code
 * {"at": 1795348800000,
 *  "components": [
 *   {"place": "us-east/a/1", "connections": 120, "published": 10, "delivered": 31.5, "routed": 2, "links": [3, 3, 210]},
 *   {"place": "us-east/a/2", "state": "lost", "seen": 1795348790000}],
 *  "links": [{"from": "eu-west", "to": "us-east", "up": true, "micros": 812, "bytes": 5230.5}],
 *  "downMore": 0}
 * }</pre>
 *
 * <p>A component without {@code state} is live. Rates are per second; {@code links} of a component are how many are up,
 * how many there are, and the slowest round trip in microseconds. Of the links of nodes only those that are down are
 * listed one by one, at most {@value #DOWN_MAX}, and {@code downMore} counts the rest: a zone of 50 nodes has 1,275.
 */
final class Snapshot {

    static final int DOWN_MAX = 1_000;

    private final Sightings sightings;
    private final JsonText json = new JsonText();

    private Snapshot(Sightings sightings) {
        this.sightings = sightings;
    }

    static String json(Sightings sightings) {
        return new Snapshot(sightings).write();
    }

    private String write() {
        json.object().name("at").value(sightings.atMillis());
        json.name("components").array();
        sightings.byPlace().values().forEach(this::addComponent);
        json.endArray();
        addLinks();
        return json.endObject().toString();
    }

    private void addComponent(Sighting sighting) {
        json.object().name("place").value(sighting.member().place().toString());
        if (sighting.state() != State.LIVE) {
            json.name("state").value(sighting.state().name().toLowerCase(Locale.ROOT));
            json.name("seen").value(sighting.seenMillis());
        }
        if (sighting.member().draining()) {
            json.name("draining").value(true);
        }
        if (sighting.state() != State.LOST) {
            sighting.live().ifPresent(this::addFigures);
        }
        json.endObject();
    }

    private void addFigures(LiveFigures live) {
        addFigure("connections", live.figures(), "mqtt_connections");
        addFigure("published", live.perSecond(), "mqtt_messages_total");
        addFigure("delivered", live.perSecond(), "mqtt_messages_delivered_locally");
        addFigure("routed", live.perSecond(), "mqtt_messages_routed_remote");
        addFigure("forwarded", live.perSecond(), "meridian_gateway_forwarded_total");
        var links = live.links();
        json.name("links").array();
        json.value(links.stream().filter(link -> link.last().up()).count());
        json.value(links.size());
        json.value(links.stream()
                .mapToLong(link -> link.last().roundTripMicros())
                .max()
                .orElse(0));
        json.endArray();
    }

    private void addFigure(String name, Map<String, Double> figures, String metric) {
        var value = figures.get(metric);
        if (value != null) {
            json.name(name).rounded(value);
        }
    }

    private void addLinks() {
        var links = links();
        var down = links.stream().filter(LinkView::leadsToNode).toList();
        json.name("links").array();
        links.stream().filter(link -> !link.leadsToNode()).forEach(this::addLink);
        down.stream().limit(DOWN_MAX).forEach(this::addLink);
        json.endArray();
        json.name("downMore").value(Math.max(0, down.size() - DOWN_MAX));
    }

    /** Those between gateways, and those of nodes that are down. */
    private List<LinkView> links() {
        var links = new TreeMap<String, LinkView>();
        for (Sighting sighting : sightings.byPlace().values()) {
            if (sighting.state() != State.LOST) {
                var reporter = sighting.member().place();
                sighting.live().stream()
                        .flatMap(live -> live.links().stream())
                        .map(link -> LinkView.seenFrom(reporter, link))
                        .filter(link -> !link.leadsToNode() || !link.up())
                        .forEach(link -> links.merge(link.from() + " " + link.to(), link, LinkView::and));
            }
        }
        return List.copyOf(links.values());
    }

    private void addLink(LinkView link) {
        json.object().name("from").value(link.from().toString());
        json.name("to").value(link.to().toString());
        json.name("up").value(link.up());
        if (link.up()) {
            json.name("micros").value(link.roundTripMicros());
            json.name("bytes").rounded(link.bytesPerSecond());
        }
        json.endObject();
    }
}
