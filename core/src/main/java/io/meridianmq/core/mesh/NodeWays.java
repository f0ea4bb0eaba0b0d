package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.NextHop;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ways from a node to others: who is alive, which links are up, and who has which slot of the zone. What is sent where
 * none leads is lost.
 *
 * <p>Any thread may call {@link #view} and {@link #slots}. Everything else belongs to the thread that drives the node.
 */
final class NodeWays {

    private final Incarnation self;
    private final Outlet outlet;
    private final long detourAfterNanos;

    private final Set<Place> links = new HashSet<>();
    private final Map<Place, Long> linkDownSinceNanos = new HashMap<>();
    private volatile MembershipView view = MembershipView.EMPTY;
    private volatile SlotTable slots = SlotTable.EMPTY;

    private long nowNanos;

    /** @param detourAfter how long the link to a node of the zone is down before its frames go through the gateway */
    NodeWays(Incarnation self, Outlet outlet, Duration detourAfter, long nowNanos) {
        this.self = self;
        this.outlet = outlet;
        this.detourAfterNanos = detourAfter.toNanos();
        this.nowNanos = nowNanos;
    }

    /** Who is alive. Any thread may call. */
    MembershipView view() {
        return view;
    }

    /** Who has which slot of the zone; {@link SlotTable#EMPTY} before that is known. Any thread may call. */
    SlotTable slots() {
        return slots;
    }

    /** It is this late now. */
    void at(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    /** Another view of who is alive. */
    void onView(MembershipView newer) {
        view = newer;
        newer.below(self.place().inZone()).forEach(place -> {
            if (!links.contains(place)) {
                linkDownSinceNanos.putIfAbsent(place, nowNanos);
            }
        });
    }

    /** A start of a component of the zone has ended, as the view that was told last says; so has the link to it. */
    void onLeft(Place place) {
        links.remove(place);
        if (view.contains(place)) {
            linkDownSinceNanos.put(place, nowNanos);
        } else {
            linkDownSinceNanos.remove(place);
        }
    }

    /** Others have slots now. */
    void onSlots(SlotTable newer) {
        slots = newer;
    }

    void onLinkUp(Place neighbour) {
        links.add(neighbour);
        linkDownSinceNanos.remove(neighbour);
    }

    void onLinkDown(Place neighbour) {
        links.remove(neighbour);
        linkDownSinceNanos.put(neighbour, nowNanos);
    }

    /** Links that are up. */
    int links() {
        return links.size();
    }

    /** The neighbour that leads to a destination now, if one does. */
    Optional<Place> nextHop(Place destination) {
        return nextHop(destination, NextHop.NO_SLOT);
    }

    /** The neighbour that leads to the owner of a slot at a destination; {@code slot} as in {@link NextHop}. */
    Optional<Place> nextHop(Place destination, int slot) {
        return NextHop.toward(self.place(), destination, slot, slots, view, this::goesDirectly)
                .filter(links::contains);
    }

    /** Sends a frame along the way to its destination. */
    void send(Frame.Addressed frame) {
        send(frame.destination(), frame);
    }

    /** Sends a frame along the way to a destination. */
    void send(Place destination, Frame frame) {
        nextHop(destination).ifPresent(hop -> outlet.send(hop, frame));
    }

    /** Sends a frame to the gateway of the zone. */
    void sendUp(Frame frame) {
        var gateway = self.place().inZone();
        if (links.contains(gateway)) {
            outlet.send(gateway, frame);
        }
    }

    /** Tells another node of the zone something. */
    void tell(Incarnation node, SlotMessage message) {
        tell(node.place(), message);
    }

    /** Tells another node of the zone something, whichever start of it is there. */
    void tell(Place node, SlotMessage message) {
        send(new Frame.Between(self.place(), self.boot(), node, message, 0));
    }

    private boolean goesDirectly(Place peer) {
        var downSince = linkDownSinceNanos.get(peer);
        return downSince == null || nowNanos - downSince < detourAfterNanos;
    }
}
