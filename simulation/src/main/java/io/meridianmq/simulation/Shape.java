package io.meridianmq.simulation;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many of everything a simulated platform has.
 *
 * @param regions at least 1
 * @param zones in each region, at least 1
 * @param nodes in each zone, at least 1
 */
public record Shape(int regions, int zones, int nodes) {

    private static final List<String> REGION_NAMES = List.of("us-east", "eu-west", "ap-south", "sa-east");

    /** 2 regions x 2 zones x 3 nodes. */
    public static final Shape DEFAULT = new Shape(2, 2, 3);

    public Shape {
        if (regions < 1 || regions > REGION_NAMES.size() || zones < 1 || zones > 26 || nodes < 1) {
            throw new IllegalArgumentException("a platform has 1 to " + REGION_NAMES.size()
                    + " regions, 1 to 26 zones and at least 1 node each, not " + regions + " x " + zones + " x "
                    + nodes);
        }
    }

    /** Every component but global-control, in place order within its kind. */
    List<Place> places() {
        var places = new ArrayList<Place>();
        for (var region : REGION_NAMES.subList(0, regions)) {
            places.add(Place.region(region));
            for (var zone = 0; zone < zones; zone++) {
                var zoneName = String.valueOf((char) ('a' + zone));
                places.add(Place.zone(region, zoneName));
                for (var node = 1; node <= nodes; node++) {
                    places.add(Place.node(region, zoneName, String.valueOf(node)));
                }
            }
        }
        return places;
    }

    /**
     * A slot table of a zone in which those who are alive have equal shares, and stand by for equal shares.
     *
     * @param turn shifts who has what
     */
    static SlotTable slotsOf(Place zone, long version, Map<Place, Long> alive, int turn) {
        var owners = new ArrayList<Incarnation>();
        alive.forEach((place, boot) -> {
            if (place.parent().filter(zone::equals).isPresent()) {
                owners.add(new Incarnation(place, boot));
            }
        });
        var slots = new ArrayList<Slot>();
        for (var slot = 0; slot < SlotHash.COUNT && !owners.isEmpty(); slot++) {
            var owner = owners.get((slot + turn) % owners.size());
            var standby =
                    Optional.of(owners.get((slot + turn + 1) % owners.size())).filter(other -> !other.equals(owner));
            slots.add(new Slot(Optional.of(owner), standby, Optional.empty(), version));
        }
        return new SlotTable(version, slots.isEmpty() ? SlotTable.EMPTY.slots() : slots);
    }

    /** What the directories show to one component: its region, and for a region gateway the others as well. */
    static MembershipView viewOf(Place self, long revision, Map<Place, Long> alive) {
        var members = new ArrayList<Member>();
        alive.forEach((place, boot) -> {
            var sameRegion = place.inRegion().equals(self.inRegion());
            var bothRegions = place.level() == Place.Level.REGION && self.level() == Place.Level.REGION;
            if (sameRegion || bothRegions) {
                members.add(new Member(place, boot, "", "", ""));
            }
        });
        return MembershipView.of(revision, members);
    }
}
