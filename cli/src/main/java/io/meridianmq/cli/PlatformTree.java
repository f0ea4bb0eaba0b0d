package io.meridianmq.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.admin.v1.Component;
import io.meridianmq.proto.admin.v1.Link;
import io.meridianmq.proto.admin.v1.WatchPlatformResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** How {@code topology} prints the platform. */
final class PlatformTree {

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private static final List<TreeTable.Column> COLUMNS = List.of(
            new TreeTable.Column("STATE", false),
            new TreeTable.Column("CONNECTIONS", true),
            new TreeTable.Column("IN/S", true),
            new TreeTable.Column("OUT/S", true),
            new TreeTable.Column("ONWARD/S", true),
            new TreeTable.Column("LINKS", true),
            new TreeTable.Column("ROUND TRIP", true),
            new TreeTable.Column("DEVICES AT", false));

    private static final String CONNECTIONS = "mqtt_connections";
    private static final String PUBLISHED = "mqtt_messages_total";
    private static final String DELIVERED = "mqtt_messages_delivered_locally";
    private static final String SLOTS = "meridian_slots_owned";
    private static final String ROUTED = "mqtt_messages_routed_remote";

    /** Every place, those included that are only known because something in them is. */
    private final SortedMap<Place, Component> components = new TreeMap<>();

    PlatformTree(WatchPlatformResponse platform) {
        Stream.of(
                        platform.getRegionsList().stream().map(region -> region.getGateway()),
                        platform.getZonesList().stream().map(zone -> zone.getGateway()),
                        platform.getNodesList().stream().map(node -> node.getComponent()))
                .flatMap(each -> each)
                .forEach(component -> components.put(Place.parse(component.getPlace()), component));
        for (var place : List.copyOf(components.keySet())) {
            components.putIfAbsent(place.inZone(), Component.getDefaultInstance());
            components.putIfAbsent(place.inRegion(), Component.getDefaultInstance());
        }
    }

    /** A tree of regions, zones and nodes; what is counted at nodes is summed up for zones and regions. */
    String toText() {
        if (components.isEmpty()) {
            return "global-control knows no region yet\n";
        }
        return TreeTable.render("PLACE", COLUMNS, branches(Place.GLOBAL));
    }

    /** One JSON object; zones are in their region, nodes in their zone. */
    String toJson() {
        var object = new LinkedHashMap<String, Object>();
        object.put("regions", objects(Place.GLOBAL));
        return GSON.toJson(object);
    }

    private List<TreeTable> branches(Place parent) {
        return below(parent)
                .map(place -> new TreeTable(name(place), cells(place), branches(place)))
                .toList();
    }

    private Stream<Place> below(Place parent) {
        return components.keySet().stream()
                .filter(place -> place.parent().filter(parent::equals).isPresent());
    }

    private static String name(Place place) {
        return switch (place.level()) {
            case GLOBAL, REGION -> place.toString();
            case ZONE -> place.zone();
            case NODE -> place.node();
        };
    }

    private List<String> cells(Place place) {
        var component = component(place);
        return List.of(
                state(component) + slotsLeft(component),
                number(sum(place, Component::getFiguresMap, CONNECTIONS)),
                number(sum(place, Component::getFiguresPerSecondMap, PUBLISHED)),
                number(sum(place, Component::getFiguresPerSecondMap, DELIVERED)),
                number(sum(place, Component::getFiguresPerSecondMap, ROUTED)),
                linksUp(component),
                slowestRoundTrip(component),
                component.getClientAddress());
    }

    private Component component(Place place) {
        return components.getOrDefault(place, Component.getDefaultInstance());
    }

    private static String state(Component component) {
        if (component.getDraining() && component.getState() == Component.State.STATE_LIVE) {
            return "draining";
        }
        return switch (component.getState()) {
            case STATE_LIVE -> "live";
            case STATE_SILENT -> "silent";
            case STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    /** What a node that is draining has yet to give away, besides its connections. */
    private static String slotsLeft(Component component) {
        var slots = component.getFiguresOrDefault(SLOTS, 0.0);
        return component.getDraining() && slots > 0 ? String.format(Locale.ROOT, ", %,.0f slots", slots) : "";
    }

    /** Of how many links how many are up, {@code 5/5}. */
    private static String linksUp(Component component) {
        var links = component.getLinksList();
        return links.isEmpty() ? "-" : links.stream().filter(Link::getUp).count() + "/" + links.size();
    }

    private static String slowestRoundTrip(Component component) {
        return component.getLinksList().stream()
                .filter(Link::hasRoundTrip)
                .mapToDouble(PlatformTree::roundTripMillis)
                .max()
                .stream()
                .mapToObj(millis -> String.format(Locale.ROOT, "%.1f ms", millis))
                .findFirst()
                .orElse("-");
    }

    private static double roundTripMillis(Link link) {
        return link.getRoundTrip().getSeconds() * 1e3 + link.getRoundTrip().getNanos() / 1e6;
    }

    /** Empty if no node in the place tells this figure. */
    private OptionalDouble sum(Place place, Function<Component, Map<String, Double>> figures, String name) {
        var values = new ArrayList<Double>();
        components.tailMap(place).forEach((inside, component) -> {
            if (place.contains(inside) && inside.level() == Place.Level.NODE) {
                var value = figures.apply(component).get(name);
                if (value != null) {
                    values.add(value);
                }
            }
        });
        return values.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        values.stream().mapToDouble(Double::doubleValue).sum());
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%,.0f", value.getAsDouble()) : "-";
    }

    private List<Map<String, Object>> objects(Place parent) {
        return below(parent).map(this::object).toList();
    }

    private static Map<String, Object> object(Link link) {
        var object = new LinkedHashMap<String, Object>();
        object.put("peer", link.getPeer());
        object.put("up", link.getUp());
        if (link.hasRoundTrip()) {
            object.put("roundTripMillis", roundTripMillis(link));
        }
        object.put("sentBytesPerSecond", link.getSentBytesPerSecond());
        object.put("receivedBytesPerSecond", link.getReceivedBytesPerSecond());
        return object;
    }

    private Map<String, Object> object(Place place) {
        var component = component(place);
        var object = new LinkedHashMap<String, Object>();
        object.put("place", place.toString());
        object.put("state", state(component));
        object.put("boot", component.getBoot());
        object.put("linkAddress", component.getLinkAddress());
        object.put("clientAddress", component.getClientAddress());
        object.put("metricsAddress", component.getMetricsAddress());
        if (component.hasReportedAt()) {
            var at = component.getReportedAt();
            object.put(
                    "reportedAt",
                    Instant.ofEpochSecond(at.getSeconds(), at.getNanos()).toString());
        }
        object.put("figures", new TreeMap<>(component.getFiguresMap()));
        object.put("figuresPerSecond", new TreeMap<>(component.getFiguresPerSecondMap()));
        object.put(
                "links",
                component.getLinksList().stream().map(PlatformTree::object).toList());
        switch (place.level()) {
            case GLOBAL, NODE -> {}
            case REGION -> object.put("zones", objects(place));
            case ZONE -> object.put("nodes", objects(place));
        }
        return object;
    }
}
