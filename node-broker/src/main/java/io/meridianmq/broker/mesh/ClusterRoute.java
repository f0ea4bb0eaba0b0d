package io.meridianmq.broker.mesh;

import io.meridianmq.broker.publish.Route;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.route.Destinations;
import java.util.List;

/**
 * Where one message goes, as the platform's routing decides.
 *
 * @param destinations beyond this node; none for a message that ends here
 * @param granted the shared subscriptions that this node serves
 */
record ClusterRoute(Destinations destinations, List<GroupGrant> granted) implements Route {

    @Override
    public boolean servesGroup(String group, String filter) {
        for (var grant : granted) {
            if (grant.group().equals(group) && grant.filter().equals(filter)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean leavesNode() {
        return !destinations.areNone();
    }

    @Override
    public boolean isRefused() {
        return destinations.withheld() == Destinations.Withheld.EVERYBODY;
    }
}
