package io.meridianmq.core.route;

import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.settings.CrossRegion;
import java.util.ArrayList;
import java.util.List;

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

    /** Collects a decision, each destination once, and drops the reasons. */
    static final class Collector implements RouteSink {

        /** Takes nothing: what a router reports to between two decisions. */
        static final RouteSink NOWHERE = new Collector();

        private List<Place> nodes = List.of();
        private List<Place> zones = List.of();
        private List<Place> regions = List.of();
        private List<GroupGrant> grants = List.of();
        private Withheld withheld = Withheld.NOBODY;

        @Override
        public void to(Place destination, Reason reason, String detail) {
            switch (destination.level()) {
                case NODE -> nodes = with(nodes, destination);
                case ZONE -> zones = with(zones, destination);
                case REGION -> regions = with(regions, destination);
                case GLOBAL -> throw new IllegalArgumentException("global-control is no destination of publications");
            }
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
            grants = with(grants, new GroupGrant(place, group, filter));
        }

        Destinations destinations() {
            if (withheld == Withheld.EVERYBODY) {
                return REFUSED;
            }
            return nodes.isEmpty()
                            && zones.isEmpty()
                            && regions.isEmpty()
                            && grants.isEmpty()
                            && withheld == Withheld.NOBODY
                    ? NONE
                    : new Destinations(nodes, zones, regions, grants, withheld);
        }

        private static <T> List<T> with(List<T> list, T element) {
            if (list.contains(element)) {
                return list;
            }
            var longer = list.isEmpty() ? new ArrayList<T>(4) : list;
            longer.add(element);
            return longer;
        }
    }
}
