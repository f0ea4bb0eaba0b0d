package io.meridianmq.control.console;

import io.meridianmq.control.roster.Sighting;
import io.meridianmq.fabric.http.JsonText;
import java.util.Locale;
import java.util.TreeMap;

/** Everything that is known of one component, in JSON: what the page shows of the one that was chosen. */
final class Details {

    private Details() {}

    static String json(Sighting sighting) {
        var member = sighting.member();
        var json = new JsonText().object();
        json.name("place").value(member.place().toString());
        json.name("state").value(sighting.state().name().toLowerCase(Locale.ROOT));
        json.name("seen").value(sighting.seenMillis());
        json.name("boot").value(member.boot());
        json.name("draining").value(member.draining());
        json.name("linkAddress").value(member.linkAddress());
        json.name("clientAddress").value(member.clientAddress());
        json.name("metricsAddress").value(member.metricsAddress());
        json.name("figures").array();
        sighting.live()
                .ifPresent(live -> new TreeMap<>(live.figures()).forEach((name, value) -> {
                    json.object().name("name").value(name).name("value").rounded(value);
                    json.name("perSecond").rounded(live.perSecond().getOrDefault(name, 0.0));
                    json.endObject();
                }));
        json.endArray().name("links").array();
        sighting.live().stream().flatMap(live -> live.links().stream()).forEach(link -> {
            json.object().name("peer").value(link.last().peer().toString());
            json.name("up").value(link.last().up());
            json.name("micros").value(link.last().roundTripMicros());
            json.name("sent").rounded(link.sentBytesPerSecond());
            json.name("received").rounded(link.receivedBytesPerSecond());
            json.endObject();
        });
        return json.endArray().endObject().toString();
    }
}
