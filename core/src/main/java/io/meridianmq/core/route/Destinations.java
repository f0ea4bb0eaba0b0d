package io.meridianmq.core.route;

import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.CrossRegion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where one publication goes beyond the component that decides.
 *
 * @param nodes nodes of the same zone
 * @param zones other zones of the same region; at a region gateway, its own zones
 * @param regions other regions
 * @param grants which shared subscriptions which of these places serves; one for {@code self} means that the deciding
 *     node serves it itself
 * @param withheld from whom what the platform's settings say about other regions keeps it
 */
public record Destinations(
        List<Place> nodes, List<Place> zones, List<Place> regions, List<GroupGrant> grants, Withheld withheld) {

    /** From whom a publication is kept that would go to them. */
    public enum Withheld {
        /** Nobody. */
        NOBODY,
        /** Regions that want it, or a shared subscription there that nobody else can serve. */
        REGIONS,
        /** The region that its topic addresses, so that it is refused: it goes nowhere, not even to its own node. */
        EVERYBODY
    }

    public static final Destinations NONE = new Destinations(List.of(), List.of(), List.of(), List.of());

    /** Of a publication whose topic addresses a region that it may not go to. */
    public static final Destinations REFUSED =
            new Destinations(List.of(), List.of(), List.of(), List.of(), Withheld.EVERYBODY);

    /** Those of a publication that is withheld from nobody. */
    public Destinations(List<Place> nodes, List<Place> zones, List<Place> regions, List<GroupGrant> grants) {
        this(nodes, zones, regions, grants, Withheld.NOBODY);
    }

    public Destinations {
        nodes = List.copyOf(nodes);
        zones = List.copyOf(zones);
        regions = List.copyOf(regions);
        grants = List.copyOf(grants);
    }

    /** Whether nothing leaves the deciding component. */
    public boolean areNone() {
        return nodes.isEmpty() && zones.isEmpty() && regions.isEmpty();
    }

    /** The shared subscriptions that {@code place} serves. */
    public List<GroupGrant> grantsFor(Place place) {
        return grants.isEmpty()
                ? grants
                : grants.stream().filter(grant -> grant.target().equals(place)).toList();
    }

    /** Collects decisions one after the other, each destination once, and drops the reasons. */
    static final class Collector implements RouteSink {

        /** Takes nothing: what a router reports to between two decisions. */
        static final RouteSink NOWHERE = new Collector();

        /** More than a platform has places. */
        private static final int ALONE_MAX = 4_096;

        private final List<Place> nodes = new ArrayList<>(4);
        private final List<Place> zones = new ArrayList<>(4);
        private final List<Place> regions = new ArrayList<>(4);
        private final List<GroupGrant> grants = new ArrayList<>(4);

        /** Decisions for one place alone, since most of what leaves a component goes to one. */
        private final Map<Place, Destinations> alone = new HashMap<>();

        private Withheld withheld = Withheld.NOBODY;

        @Override
        public void to(Place destination, Reason reason, String detail) {
            addOnce(of(destination.level()), destination);
        }

        private List<Place> of(Place.Level level) {
            return switch (level) {
                case NODE -> nodes;
                case ZONE -> zones;
                case REGION -> regions;
                case GLOBAL -> throw new IllegalArgumentException("global-control is no destination of publications");
            };
        }

        @Override
        public void blocked(Place region, Reason reason, String detail, CrossRegion.Verdict verdict) {
            if (reason == Reason.ADDRESSED) {
                withheld = Withheld.EVERYBODY;
            } else if (withheld == Withheld.NOBODY) {
                withheld = Withheld.REGIONS;
            }
        }

        @Override
        public boolean wantsDetails() {
            return false;
        }

        @Override
        public void grant(Place place, String group, String filter) {
            addOnce(grants, new GroupGrant(place, group, filter));
        }

        /** Begins the next decision. */
        void begin() {
            nodes.clear();
            zones.clear();
            regions.clear();
            grants.clear();
            withheld = Withheld.NOBODY;
        }

        /** What was collected since {@link #begin}. Allocates nothing for one destination or none. */
        Destinations decision() {
            if (withheld == Withheld.EVERYBODY) {
                return REFUSED;
            }
            if (withheld == Withheld.NOBODY && grants.isEmpty()) {
                var count = nodes.size() + zones.size() + regions.size();
                if (count == 0) {
                    return NONE;
                }
                if (count == 1) {
                    return alone();
                }
            }
            return collected();
        }

        private Destinations alone() {
            var place = (nodes.isEmpty() ? zones.isEmpty() ? regions : zones : nodes).getFirst();
            var known = alone.get(place);
            if (known == null) {
                if (alone.size() == ALONE_MAX) {
                    alone.clear();
                }
                known = collected();
                alone.put(place, known);
            }
            return known;
        }

        private Destinations collected() {
            return new Destinations(nodes, zones, regions, grants, withheld);
        }

        private static <T> void addOnce(List<T> list, T element) {
            if (!list.contains(element)) {
                list.add(element);
            }
        }
    }
}
