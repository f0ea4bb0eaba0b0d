package io.meridianmq.core.mesh;

import java.util.ArrayDeque;

/**
 * The subscriptions whose acknowledgement waits until the zone knows them, oldest first.
 *
 * <p>Versions only grow, so who waits for a version waits no longer than who came after. Owned by the thread that drives
 * the node; bounded by the connections of the node, each of which waits for a bounded number of SUBSCRIBEs.
 */
final class Visibility {

    private record Waiter(long version, long token, long deadlineNanos) {}

    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private final NodeOutlet outlet;
    private long capped;

    Visibility(NodeOutlet outlet) {
        this.outlet = outlet;
    }

    void await(long version, long token, long deadlineNanos) {
        waiters.addLast(new Waiter(version, token, deadlineNanos));
    }

    /** Ends the wait of those whose version everybody has, or who waited too long. */
    void release(long versionEverywhere, long nowNanos) {
        while (!waiters.isEmpty()) {
            var first = waiters.getFirst();
            var known = first.version <= versionEverywhere;
            if (!known && nowNanos - first.deadlineNanos < 0) {
                return;
            }
            waiters.removeFirst();
            if (!known) {
                capped++;
            }
            outlet.visible(first.token, !known);
        }
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    /** Waits that were ended by their limit. */
    long capped() {
        return capped;
    }
}
