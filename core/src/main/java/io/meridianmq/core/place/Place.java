package io.meridianmq.core.place;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address in the platform's hierarchy: the whole platform, a region, a zone of a region, or a node of a zone.
 *
 * <p>Written {@code global}, {@code us-east}, {@code us-east/a}, {@code us-east/a/1}. Each level is served by one kind of
 * component: global-control, a region gateway, a zone gateway, a broker node. A component is addressed by its place.
 *
 * @param region name of the region, empty for the whole platform
 * @param zone name of the zone in its region, empty at region level and above
 * @param node name of the node in its zone, empty at zone level and above
 */
public record Place(String region, String zone, String node) implements Comparable<Place> {

    /** The whole platform, served by global-control. */
    public static final Place GLOBAL = new Place("", "", "");

    private static final String GLOBAL_TEXT = "global";
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?");

    /** How deep in the hierarchy a place is. */
    public enum Level {
        GLOBAL,
        REGION,
        ZONE,
        NODE
    }

    public Place {
        requireName("region", region, zone.isEmpty() && node.isEmpty());
        requireName("zone", zone, node.isEmpty());
        requireName("node", node, true);
        if (region.equals(GLOBAL_TEXT)) {
            throw new IllegalArgumentException(
                    "region may not be called \"global\": that word names the whole platform");
        }
    }

    public static Place region(String region) {
        return new Place(requireName("region", region, false), "", "");
    }

    public static Place zone(String region, String zone) {
        return new Place(region, requireName("zone", zone, false), "");
    }

    public static Place node(String region, String zone, String node) {
        return new Place(region, zone, requireName("node", node, false));
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if the text is not a place; the message says what is wrong with which part
     */
    public static Place parse(String text) {
        if (text.equals(GLOBAL_TEXT)) {
            return GLOBAL;
        }
        var parts = text.split("/", -1);
        return switch (parts.length) {
            case 1 -> region(parts[0]);
            case 2 -> zone(parts[0], parts[1]);
            case 3 -> node(parts[0], parts[1], parts[2]);
            default ->
                throw new IllegalArgumentException(
                        "\"" + text + "\" is not a place: expected region, region/zone or region/zone/node");
        };
    }

    public Level level() {
        if (region.isEmpty()) {
            return Level.GLOBAL;
        }
        if (zone.isEmpty()) {
            return Level.REGION;
        }
        return node.isEmpty() ? Level.ZONE : Level.NODE;
    }

    /** The place one level up; empty for the whole platform. */
    public Optional<Place> parent() {
        return switch (level()) {
            case GLOBAL -> Optional.empty();
            case REGION -> Optional.of(GLOBAL);
            case ZONE -> Optional.of(inRegion());
            case NODE -> Optional.of(inZone());
        };
    }

    /** The region this place is in, or is; the whole platform for itself. */
    public Place inRegion() {
        return zone.isEmpty() ? this : new Place(region, "", "");
    }

    /** The zone this place is in, or is; a region or the whole platform for itself. */
    public Place inZone() {
        return node.isEmpty() ? this : new Place(region, zone, "");
    }

    /** Whether {@code other} is this place or inside it. */
    public boolean contains(Place other) {
        return (region.isEmpty() || region.equals(other.region))
                && (zone.isEmpty() || zone.equals(other.zone))
                && (node.isEmpty() || node.equals(other.node));
    }

    @Override
    public int compareTo(Place other) {
        var byRegion = region.compareTo(other.region);
        if (byRegion != 0) {
            return byRegion;
        }
        var byZone = zone.compareTo(other.zone);
        return byZone != 0 ? byZone : node.compareTo(other.node);
    }

    @Override
    public String toString() {
        return switch (level()) {
            case GLOBAL -> GLOBAL_TEXT;
            case REGION -> region;
            case ZONE -> region + "/" + zone;
            case NODE -> region + "/" + zone + "/" + node;
        };
    }

    /** Whether {@code name} can be the name of a region, zone or node. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.equals(GLOBAL_TEXT);
    }

    private static String requireName(String level, String name, boolean mayBeEmpty) {
        if (!(mayBeEmpty && name.isEmpty()) && !isName(name)) {
            throw new IllegalArgumentException(
                    level + " name \"" + name + "\" is not valid: 1 to 32 lower-case letters,"
                            + " digits and inner hyphens are allowed, and not the word \"global\"");
        }
        return name;
    }
}
