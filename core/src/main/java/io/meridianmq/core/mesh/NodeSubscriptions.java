package io.meridianmq.core.mesh;

import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.topic.TopicFilter;
import java.time.Duration;
import java.util.List;

/**
 * What the sessions of a node want: the interest that the node tells of, and who waits until it is known everywhere in the
 * zone. {@link InterestExchange} does the telling.
 *
 * <p>Owned by the thread that drives the node.
 */
final class NodeSubscriptions {

    private final Place self;
    private final AddressRules rules;
    private final OwnInterest own;
    private final InterestTable table;
    private final InterestExchange interest;
    private final NodeOutlet outlet;
    private final long capNanos;
    private final Visibility visibility;

    /**
     * @param own what is told of, by {@code interest}
     * @param table what the other nodes of the zone want; gets the shared subscriptions of this one too
     * @param cap how long anybody waits at most
     */
    NodeSubscriptions(
            AddressRules rules,
            OwnInterest own,
            InterestTable table,
            InterestExchange interest,
            NodeOutlet outlet,
            Duration cap) {
        this.self = own.key().holder();
        this.rules = rules;
        this.own = own;
        this.table = table;
        this.interest = interest;
        this.outlet = outlet;
        this.capNanos = cap.toNanos();
        this.visibility = new Visibility(outlet);
    }

    /** See {@link NodeMesh#subscribe}. */
    void subscribe(TopicFilter filter, boolean online) {
        if (filter.isShared()) {
            join(filter, online);
        } else {
            own.add(filter, rules.reachOf(filter.filter(), self));
        }
    }

    /** See {@link NodeMesh#unsubscribe}. */
    void unsubscribe(TopicFilter filter, boolean online) {
        if (filter.isShared()) {
            leave(filter, online);
        } else {
            own.remove(filter, rules.reachOf(filter.filter(), self));
        }
    }

    /** See {@link NodeMesh#presence}. */
    void presence(TopicFilter shared, boolean online) {
        join(shared, online);
        leave(shared, !online);
    }

    /** See {@link NodeMesh#awaitVisibility}. */
    void awaitVisibility(long token, long nowNanos) {
        if (interest.isSpeaking()) {
            visibility.await(own.version(), token, nowNanos + capNanos);
        } else {
            outlet.visible(token, false);
        }
    }

    /** Ends the waits that are over. */
    void flush(MembershipView view, long nowNanos) {
        if (!visibility.isEmpty()) {
            visibility.release(versionEverywhere(view), nowNanos);
        }
    }

    /** Entries of this node's interest. */
    int size() {
        return own.size();
    }

    /** Waits that were ended by their limit. */
    long capped() {
        return visibility.capped();
    }

    /** The newest version of this node's interest that every live member of the zone has, the gateway included. */
    private long versionEverywhere(MembershipView view) {
        var gateway = self.inZone();
        var least = view.contains(gateway) ? interest.acknowledgedBy(gateway) : Long.MAX_VALUE;
        for (var node : (Iterable<Place>) view.below(gateway)::iterator) {
            if (!node.equals(self)) {
                least = Math.min(least, interest.acknowledgedBy(node));
            }
        }
        return least;
    }

    /** Shared subscriptions of this node stand in its own table too, so that it is a candidate like every other node. */
    private void join(TopicFilter shared, boolean online) {
        var before = own.version();
        own.join(shared, online);
        mirrorGroups(before);
    }

    private void leave(TopicFilter shared, boolean online) {
        var before = own.version();
        own.leave(shared, online);
        mirrorGroups(before);
    }

    private void mirrorGroups(long before) {
        if (own.version() == before) {
            return;
        }
        var change = own.deltaAfter(before);
        table.add(self, groupsOf(change.added()));
        table.remove(self, groupsOf(change.removed()));
    }

    private static InterestEntries groupsOf(InterestEntries entries) {
        return new InterestEntries(List.of(), List.of(), entries.groups());
    }
}
