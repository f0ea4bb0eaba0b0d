package io.meridianmq.core.mesh;

import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.List;

/**
 * Whether a node that has started knows what others want well enough to serve, or has waited long enough to learn it.
 * Changes nothing. Owned by the thread that drives the node.
 */
final class Readiness {

    private final Place self;
    private final NodeWays ways;
    private final InterestTable table;
    private final HeldDigests digests;
    private final long startedNanos;
    private final long capNanos;

    /**
     * @param table what the other nodes of the zone want
     * @param digests what other zones and regions want
     * @param cap how long a node waits at most
     */
    Readiness(Place self, NodeWays ways, InterestTable table, HeldDigests digests, Duration cap, long startedNanos) {
        this.self = self;
        this.ways = ways;
        this.table = table;
        this.digests = digests;
        this.startedNanos = startedNanos;
        this.capNanos = cap.toNanos();
    }

    /** Whether it may serve clients. */
    boolean isReady(long nowNanos) {
        return hasWaitedEnough(nowNanos) || (notCurrent().isEmpty() && knowsSiblingZones());
    }

    /** Whether it knows what the other zones of the region want, so that what lands here gets there. */
    boolean canLand(long nowNanos) {
        return hasWaitedEnough(nowNanos) || knowsSiblingZones();
    }

    /** The nodes of the zone that are alive and whose interest is not known at the moment. */
    List<Place> notCurrent() {
        var current = table.currentHolders();
        return ways.view()
                .below(self.inZone())
                .filter(place -> !place.equals(self) && !current.contains(place))
                .toList();
    }

    private boolean hasWaitedEnough(long nowNanos) {
        return nowNanos - startedNanos >= capNanos;
    }

    private boolean knowsSiblingZones() {
        return ways.view()
                .below(self.inRegion())
                .allMatch(zone -> zone.equals(self.inZone()) || digests.hasHeard(zone));
    }
}
