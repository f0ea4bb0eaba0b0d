package io.meridianmq.core.place;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which components are connected by a link.
 *
 * <p>Parent and child are, and siblings are: a node and its zone gateway, the nodes of a zone, a zone gateway and its
 * region gateway, the zone gateways of a region, a region gateway and global-control, the region gateways. Nobody else.
 */
public final class Neighbourhood {

    private Neighbourhood() {}

    /** Whether a link connects the two places. Symmetric; a place is not adjacent to itself. */
    public static boolean adjacent(Place a, Place b) {
        if (a.equals(b)) {
            return false;
        }
        return isParent(a, b) || isParent(b, a) || a.parent().equals(b.parent());
    }

    /** The members of a view that {@code self} has links to. */
    public static SortedSet<Place> of(Place self, MembershipView view) {
        var neighbours = new TreeSet<Place>();
        for (Place place : view.members().keySet()) {
            if (adjacent(self, place)) {
                neighbours.add(place);
            }
        }
        return neighbours;
    }

    /**
     * Whether {@code self} opens the link to its neighbour {@code peer}; else it waits to be called.
     *
     * <p>The greater place dials, so that there is one link for each pair without any negotiation, and children dial
     * their parents.
     */
    public static boolean dials(Place self, Place peer) {
        return self.compareTo(peer) > 0;
    }

    private static boolean isParent(Place parent, Place child) {
        return child.parent().equals(Optional.of(parent));
    }
}
