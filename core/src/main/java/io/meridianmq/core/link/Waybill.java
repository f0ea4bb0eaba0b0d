package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;
import java.util.List;

/**
 * What a lane's destination is to do with a publication besides handing it to its own subscribers.
 *
 * @param grants which shared subscriptions it, or who it passes the publication on to, serves
 * @param onward zones and regions to pass it on to: for the slot that publications leave the zone by; else empty
 * @param grantedOnly whether it is for the shared subscriptions alone: an ended member of one has left it behind, and all
 *     others have had it
 */
public record Waybill(List<GroupGrant> grants, List<Place> onward, boolean grantedOnly) {

    /** Nothing besides. */
    public static final Waybill NONE = new Waybill(List.of(), List.of(), false);

    public Waybill {
        grants = List.copyOf(grants);
        onward = List.copyOf(onward);
    }

    /** For a destination that passes nothing on, or finds out itself where to. */
    public static Waybill of(List<GroupGrant> grants, boolean grantedOnly) {
        return grants.isEmpty() && !grantedOnly ? NONE : new Waybill(grants, List.of(), grantedOnly);
    }

    /** The part of it for one of the places to pass the publication on to. */
    public Waybill onwardTo(Place place) {
        return of(grantsFor(place), grantedOnly);
    }

    /** The shared subscriptions that {@code place} serves. */
    public List<GroupGrant> grantsFor(Place place) {
        return grants.isEmpty()
                ? grants
                : grants.stream().filter(grant -> grant.target().equals(place)).toList();
    }
}
