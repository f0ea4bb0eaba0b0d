package io.meridianmq.core.route;

import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which neighbour brings a frame closer to its destination. Pure; any thread may call.
 *
 * <p>Lane frames may be addressed to a zone or a region: its gateway chooses, by the lane's slot, the zone and then the
 * node where they land, from those alive in its view.
 */
public final class NextHop {

    private NextHop() {}

    /**
     * The neighbour to send to; empty if the destination is {@code self}, or nobody on the way there is known.
     *
     * @param self the component that has the frame
     * @param destination where the frame is to go
     * @param slot the lane's slot, used where a landing has to be chosen
     * @param lands whether a zone or region as destination means a node in it
     * @param view who is alive
     * @param linked whether the link to a neighbour works
     */
    public static Optional<Place> toward(
            Place self, Place destination, int slot, boolean lands, MembershipView view, Predicate<Place> linked) {
        return switch (self.level()) {
            case NODE -> fromNode(self, destination, linked);
            case ZONE -> fromZone(self, destination, slot, lands, view);
            case REGION -> fromRegion(self, destination, slot, lands, view);
            case GLOBAL -> known(destination.inRegion(), view);
        };
    }

    private static Optional<Place> fromNode(Place self, Place destination, Predicate<Place> linked) {
        if (self.equals(destination)) {
            return Optional.empty();
        }
        var direct = destination.level() == Place.Level.NODE
                && destination.inZone().equals(self.inZone())
                && linked.test(destination);
        return Optional.of(direct ? destination : self.inZone());
    }

    private static Optional<Place> fromZone(
            Place self, Place destination, int slot, boolean lands, MembershipView view) {
        if (lands && destination.contains(self)) {
            return Landing.choose(slot, view.below(self));
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

    private static Optional<Place> fromRegion(
            Place self, Place destination, int slot, boolean lands, MembershipView view) {
        if (destination.equals(self)) {
            return lands ? Landing.choose(slot, view.below(self)) : Optional.empty();
        }
        if (destination.equals(Place.GLOBAL)) {
            return known(Place.GLOBAL, view);
        }
        return known(self.contains(destination) ? destination.inZone() : destination.inRegion(), view);
    }

    private static Optional<Place> known(Place place, MembershipView view) {
        return view.contains(place) ? Optional.of(place) : Optional.empty();
    }
}
