package io.meridianmq.control.discovery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.meridianmq.control.roster.Sighting;
import io.meridianmq.control.roster.Sightings;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.http.HttpPort;
import io.meridianmq.fabric.http.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Every component's metrics address, as Prometheus's HTTP service discovery wants it: a JSON list of target groups.
 *
 * <p>A component that is lost stays listed for the 10 minutes that it is remembered, so that Prometheus says that it is
 * down instead of forgetting it.
 *
 * @see <a href="https://prometheus.io/docs/prometheus/latest/http_sd/">the format</a>
 */
public final class PrometheusTargets implements HttpHandler {

    /** Where it is served, on the port for metrics and health. */
    public static final String PATH = "/discovery/prometheus";

    /** Prometheus drops labels with this beginning after relabelling. */
    private static final String LABEL = "__meta_meridian_";

    private final Supplier<Sightings> sightings;

    /** @param sightings everybody now; called for each request */
    public PrometheusTargets(Supplier<Sightings> sightings) {
        this.sightings = sightings;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        HttpPort.answer(exchange, 200, HttpPort.JSON, json(sightings.get()).getBytes(StandardCharsets.UTF_8));
    }

    static String json(Sightings sightings) {
        var json = new JsonText().array();
        for (Sighting sighting : sightings.byPlace().values()) {
            if (!sighting.member().metricsAddress().isEmpty()) {
                addGroup(json, sighting.member());
            }
        }
        return json.endArray() + "\n";
    }

    private static void addGroup(JsonText json, Member member) {
        var place = member.place();
        json.object().name("targets").array().value(member.metricsAddress()).endArray();
        json.name("labels").object();
        json.name(LABEL + "kind").value(kindAt(place.level()));
        json.name(LABEL + "place").value(place.toString());
        addLabel(json, "region", place.region());
        addLabel(json, "zone", place.zone());
        addLabel(json, "node", place.node());
        json.endObject().endObject();
    }

    private static void addLabel(JsonText json, String name, String value) {
        if (!value.isEmpty()) {
            json.name(LABEL + name).value(value);
        }
    }

    private static String kindAt(Place.Level level) {
        return switch (level) {
            case GLOBAL -> "global-control";
            case REGION -> "region-gateway";
            case ZONE -> "zone-gateway";
            case NODE -> "node";
        };
    }
}
