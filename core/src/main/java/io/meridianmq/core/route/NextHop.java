package io.meridianmq.core.route;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.SlotTable;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which neighbour brings a frame closer to its destination. Pure; any thread may call.
 *
 * <p>What has a slot may be addressed to a zone or a region, and lands at a node there: the gateway of a region chooses the
 * zone by the slot, from those alive in its view; in the zone the owner of the slot gets it.
 */
public final class NextHop {

    /** Of what is for its destination itself. */
    public static final int NO_SLOT = -1;

    private NextHop() {}

    /**
     * The neighbour to send to; empty if the destination is {@code self}, or nobody on the way there is known.
     *
     * @param self the component that has the frame
     * @param destination where the frame is to go
     * @param slot what a zone or region as destination means a node of; or {@link #NO_SLOT}
     * @param slots who has which slot in the zone of {@code self}; while there is no table, a node that is alive is chosen
     * @param view who is alive
     * @param linked whether the link to a neighbour works
     */
    public static Optional<Place> toward(
            Place self, Place destination, int slot, SlotTable slots, MembershipView view, Predicate<Place> linked) {
        return switch (self.level()) {
            case NODE -> fromNode(self, destination, slot, slots, view, linked);
            case ZONE -> fromZone(self, destination, slot, slots, view);
            case REGION -> fromRegion(self, destination, slot, view);
            case GLOBAL -> known(destination.inRegion(), view);
        };
    }

    private static Optional<Place> fromNode(
            Place self, Place destination, int slot, SlotTable slots, MembershipView view, Predicate<Place> linked) {
        if (slot != NO_SLOT && destination.contains(self) && !destination.equals(self)) {
            return ownerOf(slot, slots, self.inZone(), view)
                    .flatMap(owner -> fromNode(self, owner, NO_SLOT, slots, view, linked));
        }
        if (self.equals(destination)) {
            return Optional.empty();
        }
        var direct = destination.level() == Place.Level.NODE
                && destination.inZone().equals(self.inZone())
                && linked.test(destination);
        return Optional.of(direct ? destination : self.inZone());
    }

    private static Optional<Place> fromZone(
            Place self, Place destination, int slot, SlotTable slots, MembershipView view) {
        if (slot != NO_SLOT && destination.contains(self)) {
            return ownerOf(slot, slots, self, view);
        }
        if (destination.equals(self)) {
            return Optional.empty();
        }
        if (self.contains(destination)) {
            return known(destination, view);
        }
        if (destination.level().compareTo(Place.Level.ZONE) >= 0
                && destination.inRegion().equals(self.inRegion())) {
            return known(destination.inZone(), view);
        }
        return known(self.inRegion(), view);
    }

    private static Optional<Place> fromRegion(Place self, Place destination, int slot, MembershipView view) {
        if (destination.equals(self)) {
            return slot == NO_SLOT ? Optional.empty() : Landing.choose(slot, view.below(self));
        }
        if (destination.equals(Place.GLOBAL)) {
            return known(Place.GLOBAL, view);
        }
        return known(self.contains(destination) ? destination.inZone() : destination.inRegion(), view);
    }

    private static Optional<Place> ownerOf(int slot, SlotTable slots, Place zone, MembershipView view) {
        return slots.version() == SlotTable.EMPTY.version()
                ? Landing.choose(slot, view.below(zone))
                : slots.owner(slot).map(Incarnation::place);
    }

    private static Optional<Place> known(Place place, MembershipView view) {
        return view.contains(place) ? Optional.of(place) : Optional.empty();
    }
}
