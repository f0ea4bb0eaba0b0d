package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.route.Destinations;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of QoS 0 publications through a node: one frame to each other node of the zone that wants them, and one to the
 * gateway of the zone for everybody beyond. Nobody keeps them: where there is no way they are lost.
 *
 * <p>Owned by the thread that drives the node.
 */
final class Forwards {

    private final Place self;
    private final NodeWays ways;
    private final AwayNodes away;
    private final NodeOutlet outlet;
    private long misrouted;

    Forwards(Place self, NodeWays ways, AwayNodes away, NodeOutlet outlet) {
        this.self = self;
        this.ways = ways;
        this.away = away;
        this.outlet = outlet;
    }

    /** Sends a publication of a session of this node to everybody else who wants it. */
    void publish(Publication publication, Destinations destinations) {
        for (var node : destinations.nodes()) {
            if (!away.contains(node)) {
                ways.send(node, new Frame.Forward(self, publication, List.of(node), destinations.grantsFor(node), 0));
            }
        }
        if (destinations.zones().isEmpty() && destinations.regions().isEmpty()) {
            return;
        }
        var targets = new ArrayList<Place>(destinations.zones());
        targets.addAll(destinations.regions());
        var grants = destinations.grants().stream()
                .filter(grant -> targets.contains(grant.target()))
                .toList();
        ways.sendUp(new Frame.Forward(self, publication, targets, grants, 0));
    }

    /** A publication from elsewhere. */
    void onForward(Frame.Forward forward) {
        if (!forward.targets().contains(self)) {
            misrouted++;
            return;
        }
        outlet.deliver(forward.publication(), grantsFor(forward.grants()), NodeLanes.NOBODY_WAITS);
    }

    /** Frames for somebody else. */
    long misrouted() {
        return misrouted;
    }

    private List<GroupGrant> grantsFor(List<GroupGrant> grants) {
        return grants.isEmpty()
                ? grants
                : grants.stream().filter(grant -> grant.target().equals(self)).toList();
    }
}
