package io.meridianmq.control.roster;

import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.mesh.LiveFigures;
import io.meridianmq.core.mesh.LiveLink;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A platform of any size in which everybody always has just reported, with figures from a seed. Any thread may call.
 */
public final class FakePlatform implements Supplier<SortedMap<Place, KnownComponent>> {

    private static final long SEED = 3;

    private final List<Place> places;
    private final Map<Place, List<Place>> neighbours = new HashMap<>();
    private final Set<Place> gone = new ConcurrentSkipListSet<>();
    private final Set<Place> cutOff = new ConcurrentSkipListSet<>();

    private FakePlatform(List<Place> places) {
        this.places = places;
        var below = new HashMap<Place, List<Place>>();
        for (var place : places) {
            place.parent()
                    .ifPresent(parent -> below.computeIfAbsent(parent, _ -> new ArrayList<>())
                            .add(place));
        }
        for (var place : places) {
            var around = new ArrayList<>(below.getOrDefault(place, List.of()));
            place.parent().ifPresent(parent -> {
                around.add(parent);
                around.addAll(below.getOrDefault(parent, List.of()));
            });
            around.remove(place);
            neighbours.put(place, around);
        }
    }

    /** So many regions of so many zones of so many nodes. */
    public static FakePlatform of(int regions, int zones, int nodes) {
        var names = List.of("us-east", "eu-west", "ap-south", "sa-east", "af-south");
        var places = new ArrayList<Place>(List.of(Place.GLOBAL));
        IntStream.range(0, regions).forEach(r -> {
            var region = names.get(r % names.size()) + (r < names.size() ? "" : "-" + (1 + r / names.size()));
            places.add(Place.region(region));
            IntStream.range(0, zones).forEach(z -> {
                var zone = String.valueOf((char) ('a' + z));
                places.add(Place.zone(region, zone));
                IntStream.rangeClosed(1, nodes).forEach(n -> places.add(Place.node(region, zone, String.valueOf(n))));
            });
        });
        return new FakePlatform(places);
    }

    /** A component is gone from now on. */
    public void lose(String place) {
        gone.add(Place.parse(place));
    }

    /** All links of a component are down from now on, but it still reports. */
    public void cutOff(String place) {
        cutOff.add(Place.parse(place));
    }

    @Override
    public SortedMap<Place, KnownComponent> get() {
        var random = new Random(SEED);
        var known = new TreeMap<Place, KnownComponent>();
        for (var place : places) {
            var component = component(place, random);
            if (!gone.contains(place)) {
                known.put(place, component);
            }
        }
        return Collections.unmodifiableSortedMap(known);
    }

    private KnownComponent component(Place place, Random random) {
        var member = new Member(place, 1, "127.0.0.1:7000", "127.0.0.1:1883", "127.0.0.1:9000");
        var published = 50 + random.nextInt(400);
        var figures = Map.of(
                "mqtt_connections", 200.0 + random.nextInt(100),
                "mqtt_messages_total", 1e6,
                "mqtt_messages_delivered_locally", 2e6,
                "mqtt_messages_routed_remote", 5e5);
        var perSecond = Map.of(
                "mqtt_connections",
                0.0,
                "mqtt_messages_total",
                (double) published,
                "mqtt_messages_delivered_locally",
                published * 2.5,
                "mqtt_messages_routed_remote",
                published / 3.0);
        var isNode = place.level() == Place.Level.NODE;
        var live = new LiveFigures(
                System.nanoTime(), 0, isNode ? figures : Map.of(), isNode ? perSecond : Map.of(), links(place, random));
        return new KnownComponent(member, Optional.of(live));
    }

    private List<LiveLink> links(Place place, Random random) {
        return neighbours.getOrDefault(place, List.of()).stream()
                .filter(peer -> !gone.contains(peer))
                .map(peer -> {
                    var up = !cutOff.contains(place) && !cutOff.contains(peer);
                    var wide = place.level() == Place.Level.REGION && peer.level() == Place.Level.REGION;
                    var micros = wide ? 80_000 + random.nextInt(5_000) : 100 + random.nextInt(900);
                    var bytes = (wide ? 100_000 : 10_000) + random.nextInt(10_000);
                    return new LiveLink(new LinkReport(peer, up, up ? micros : 0, 1_000, 1_000), bytes, bytes);
                })
                .toList();
    }
}
