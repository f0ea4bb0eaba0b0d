package io.meridianmq.core.place;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address in the platform's hierarchy: the whole platform, a region, a zone of a region, or a node of a zone.
 *
 * <p>Written {@code global}, {@code us-east}, {@code us-east/a}, {@code us-east/a/1}. Each level is served by one kind of
 * component: global-control, a region gateway, a zone gateway, a broker node. A component is addressed by its place.
 *
 * <p>Every frame is asked for its place's zone and region, so a place holds them. Immutable; any thread may call.
 */
public final class Place implements Comparable<Place> {

    /** The whole platform, served by global-control. */
    public static final Place GLOBAL = new Place(Level.GLOBAL, "", "", "");

    private static final String GLOBAL_TEXT = "global";
    private static final int NAME_LENGTH_MAX = 32;

    private final Level level;
    private final String region;
    private final String zone;
    private final String node;
    private final int hash;
    private final Place inRegion;
    private final Place inZone;

    /** How deep in the hierarchy a place is. */
    public enum Level {
        GLOBAL,
        REGION,
        ZONE,
        NODE
    }

    private Place(Level level, String region, String zone, String node) {
        this.level = level;
        this.region = region;
        this.zone = zone;
        this.node = node;
        this.hash = (region.hashCode() * 31 + zone.hashCode()) * 31 + node.hashCode();
        this.inRegion = level.compareTo(Level.REGION) <= 0 ? this : new Place(Level.REGION, region, "", "");
        this.inZone = level.compareTo(Level.ZONE) <= 0 ? this : new Place(Level.ZONE, region, zone, "");
    }

    /**
     * The place of a region.
     *
     * @throws IllegalArgumentException if it cannot be a name; the message says what can
     */
    public static Place region(String region) {
        return new Place(Level.REGION, requireName("region", region), "", "");
    }

    /**
     * The place of a zone.
     *
     * @throws IllegalArgumentException as for {@link #region}
     */
    public static Place zone(String region, String zone) {
        return new Place(Level.ZONE, requireName("region", region), requireName("zone", zone), "");
    }

    /**
     * The place of a node.
     *
     * @throws IllegalArgumentException as for {@link #region}
     */
    public static Place node(String region, String zone, String node) {
        return new Place(
                Level.NODE, requireName("region", region), requireName("zone", zone), requireName("node", node));
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
        return level;
    }

    /** Name of the region, empty for the whole platform. */
    public String region() {
        return region;
    }

    /** Name of the zone in its region, empty at region level and above. */
    public String zone() {
        return zone;
    }

    /** Name of the node in its zone, empty at zone level and above. */
    public String node() {
        return node;
    }

    /** The place one level up; empty for the whole platform. */
    public Optional<Place> parent() {
        return switch (level) {
            case GLOBAL -> Optional.empty();
            case REGION -> Optional.of(GLOBAL);
            case ZONE -> Optional.of(inRegion);
            case NODE -> Optional.of(inZone);
        };
    }

    /** The region this place is in, or is; the whole platform for itself. */
    public Place inRegion() {
        return inRegion;
    }

    /** The zone this place is in, or is; a region or the whole platform for itself. */
    public Place inZone() {
        return inZone;
    }

    /** Whether {@code other} is this place or inside it. */
    public boolean contains(Place other) {
        return (region.isEmpty() || region.equals(other.region))
                && (zone.isEmpty() || zone.equals(other.zone))
                && (node.isEmpty() || node.equals(other.node));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Place that
                        && hash == that.hash
                        && node.equals(that.node)
                        && zone.equals(that.zone)
                        && region.equals(that.region));
    }

    @Override
    public int hashCode() {
        return hash;
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
        return switch (level) {
            case GLOBAL -> GLOBAL_TEXT;
            case REGION -> region;
            case ZONE -> region + "/" + zone;
            case NODE -> region + "/" + zone + "/" + node;
        };
    }

    /** Whether {@code name} can be the name of a region, zone or node. */
    public static boolean isName(String name) {
        var length = name.length();
        if (length == 0 || length > NAME_LENGTH_MAX || name.charAt(0) == '-' || name.charAt(length - 1) == '-') {
            return false;
        }
        for (var index = 0; index < length; index++) {
            var c = name.charAt(index);
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
                return false;
            }
        }
        return !name.equals(GLOBAL_TEXT);
    }

    private static String requireName(String level, String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    level + " name \"" + name + "\" is not valid: 1 to 32 lower-case letters,"
                            + " digits and inner hyphens are allowed, and not the word \"global\"");
        }
        return name;
    }
}
