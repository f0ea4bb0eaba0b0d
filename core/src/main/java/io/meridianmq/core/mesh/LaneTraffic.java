package io.meridianmq.core.mesh;

import io.meridianmq.core.lane.Verdict;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.RecentPublications;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongPredicate;

/**
 * The way of QoS 1 and 2 publications through a node, on lanes.
 *
 * <pre>
 *   publisher's node ----> every node of the zone that wants it
 *         |
 *         +----> relay slot: the publisher's      the owner sends on, in the order of arrival
 *                    |        |
 *                    |        +----> landing slot of each wanted zone  ----> nodes there that want it
 *                    +----> landing slot of each wanted region ----> nodes there, landing slots of sibling zones
 * </pre>
 *
 * <p>Each holder keeps a publication until the next ones have it, so that it survives the end of any one of them: a node
 * takes it into its care with the acknowledgement, and says later that it is settled. An owner of a slot that gets what
 * an earlier owner had passed on already passes it on again; who has seen it recognises it by its identity.
 *
 * <p>Owned by the thread that drives the node.
 */
final class LaneTraffic {

    private final Place self;
    private final MeshSettings settings;
    private final NodeOutlet outlet;
    private final Router router;
    private final NodeLanes lanes;
    private final LongPredicate canLand;
    private final BooleanSupplier isOpen;
    /**
     * A lane never repeats by itself. A landing node that leaves after it passed a publication on, and before its source heard
     * so, makes the source send it again to the next landing node, whose lanes know nothing of the first's.
     */
    private final RecentPublications recent;

    private final Keepings keepings;

    /** Whether sessions have kept something since lanes were last asked for what there was no room for. */
    private boolean mayHaveRoom;

    private long repeated;
    private long misrouted;
    private long outboxDropped;

    /**
     * The traffic of one start of a node.
     *
     * @param router decides where what lands here goes, and what is passed on to another member of a shared subscription
     * @param canLand whether it knows enough for that at a time; what is to land here waits until then
     * @param isOpen whether its sessions are there; what is for them waits until then
     */
    LaneTraffic(
            Place self,
            MeshSettings settings,
            NodeOutlet outlet,
            Router router,
            NodeLanes lanes,
            LongPredicate canLand,
            BooleanSupplier isOpen) {
        this.self = self;
        this.settings = settings;
        this.outlet = outlet;
        this.router = router;
        this.lanes = lanes;
        this.canLand = canLand;
        this.isOpen = isOpen;
        this.recent = new RecentPublications(settings.recentMax());
        this.keepings = new Keepings(lanes, recent);
    }

    /** Other nodes have slots now. */
    void onSlots(SlotTable newer) {
        lanes.onSlots(newer);
    }

    /** Sends a publication of a session of this node to everybody else who wants it. */
    NodeMesh.Placement publish(Publication publication, Destinations destinations, long publishToken, long nowNanos) {
        return place(publication, destinations, false, publishToken, nowNanos);
    }

    /** See {@link NodeMesh#passOn}. */
    boolean passOn(Publication publication, TopicFilter shared, long nowNanos) {
        var group = new GroupGrant(self, shared.group().orElseThrow(), shared.filter());
        var destinations = router.decideGranted(
                publication.topic(),
                Router.Arrival.PUBLISHED_HERE,
                List.of(group),
                publication.id().number());
        return place(publication, destinations, true, NodeLanes.NOBODY_WAITS, nowNanos) == NodeMesh.Placement.WAITING;
    }

    /** @param grantedOnly whether it is for the shared subscriptions alone that the destinations serve */
    private NodeMesh.Placement place(
            Publication publication, Destinations destinations, boolean grantedOnly, long publishToken, long nowNanos) {
        if (destinations.areNone()) {
            return NodeMesh.Placement.DONE;
        }
        var beyond = beyond(destinations);
        var relay = SlotHash.ofPublisher(publication.publisherHash());
        if (isFull()
                || !haveRoom(destinations.nodes(), publication)
                || (!beyond.isEmpty() && !lanes.hasRoomToSlot(self.inZone(), relay, publication))) {
            return NodeMesh.Placement.FULL;
        }
        var token = lanes.awaitAcceptance(publishToken, destinations.nodes().size() + (beyond.isEmpty() ? 0 : 1));
        toNodes(destinations, grantedOnly, publication, token, nowNanos);
        if (!beyond.isEmpty()) {
            var grants = destinations.grants().stream()
                    .filter(grant -> beyond.contains(grant.target()))
                    .toList();
            lanes.toSlot(self.inZone(), relay, publication, new Waybill(grants, beyond, grantedOnly), token, nowNanos);
        }
        return NodeMesh.Placement.WAITING;
    }

    /** A lane frame from a neighbour, or of a lane of this node that leads back here. */
    void onData(Frame.LaneData data, long nowNanos) {
        var destination = data.lane().destination();
        var isFromZone = self.inZone().contains(data.lane().source());
        if (destination.equals(self) && isFromZone) {
            onArrived(data, nowNanos);
        } else if (destination.equals(self) || !destination.contains(self) || !lanes.takes(data.lane())) {
            misrouted++; // Another node's, or a slot's that others take now: its source follows the slot table.
        } else if (!isFromZone) {
            onLanded(data, nowNanos);
        } else if (destination.equals(self.inZone())) {
            onRelayed(data, nowNanos);
        } else {
            misrouted++;
        }
    }

    /**
     * What became of a delivery that sessions of this node had to write down.
     *
     * @param isKept false if there was no room for all of it
     */
    void onKept(long token, boolean isKept) {
        mayHaveRoom = true;
        if (isKept) {
            keepings.onKept(token);
        } else {
            keepings.onNotKept(token);
        }
    }

    /** Sends and answers what is due. */
    void flush(long nowNanos) {
        if (mayHaveRoom && hasRoomHere()) {
            mayHaveRoom = false;
            lanes.onRoom();
        }
        lanes.flush(data -> onData(data, nowNanos), nowNanos);
    }

    /** Publications that came again and were recognised. */
    long repeated() {
        return repeated;
    }

    /** Publications that sessions of this node have not kept yet. */
    int unkept() {
        return keepings.size();
    }

    /** Lane frames for somebody else. */
    long misrouted() {
        return misrouted;
    }

    /** Publications not sent to a place outside the zone, since as many bytes as may were waiting for it. */
    long outboxDropped() {
        return outboxDropped;
    }

    private void onArrived(Frame.LaneData data, long nowNanos) {
        switch (lanes.onData(data, hasRoomHere(), true, nowNanos)) {
            case ACCEPTED -> deliver(data, data.waybill().grantsFor(self));
            case KEEP_AGAIN -> deliverAgain(data, data.waybill().grantsFor(self));
            case DUPLICATE, GAP, REFUSED, STALE -> {}
        }
    }

    private void onLanded(Frame.LaneData data, long nowNanos) {
        var publication = data.publication();
        var onward = landing(data);
        var hasCapacity = canLand.test(nowNanos) && hasRoomHere() && haveRoom(onward.nodes(), publication) && !isFull();
        switch (lanes.onData(data, hasCapacity, onward.areNone(), nowNanos)) {
            case ACCEPTED -> {
                deliver(data, onward.grantsFor(self));
                passOn(data, onward, nowNanos);
            }
            case KEEP_AGAIN -> deliverAgain(data, onward.grantsFor(self));
            case DUPLICATE, GAP, REFUSED, STALE -> {}
        }
    }

    private void passOn(Frame.LaneData data, Destinations onward, long nowNanos) {
        if (onward.areNone()) {
            return;
        }
        var zones = beyond(onward);
        var token = lanes.awaitSettlement(data, onward.nodes().size() + zones.size());
        var grantedOnly = data.waybill().grantedOnly();
        toNodes(onward, grantedOnly, data.publication(), token, nowNanos);
        leave(
                data.lane().slot(),
                zones,
                data.publication(),
                new Waybill(onward.grants(), zones, grantedOnly),
                token,
                nowNanos);
    }

    private Destinations landing(Frame.LaneData data) {
        var publication = data.publication();
        var arrival = data.lane().destination().level() == Place.Level.REGION
                ? Router.Arrival.FROM_ANOTHER_REGION
                : Router.Arrival.FROM_ANOTHER_ZONE;
        var granted = data.waybill().grants();
        var spread = publication.id().number(); // So that another landing node makes the same choice.
        return data.waybill().grantedOnly()
                ? router.decideGranted(publication.topic(), arrival, granted, spread)
                : router.decide(publication.topic(), publication.qos(), arrival, granted, spread);
    }

    private void onRelayed(Frame.LaneData data, long nowNanos) {
        var onward = data.waybill().onward();
        if (lanes.onData(data, !isFull(), onward.isEmpty(), nowNanos) == Verdict.ACCEPTED && !onward.isEmpty()) {
            var token = lanes.awaitSettlement(data, onward.size());
            leave(data.lane().slot(), onward, data.publication(), data.waybill(), token, nowNanos);
        }
    }

    /** What comes again goes on all the same: where it went before may have ended before it was done. */
    private void deliver(Frame.LaneData data, List<GroupGrant> grants) {
        var publication = data.publication();
        if (data.waybill().grantedOnly()) {
            // Its own way's repetitions are seldom, and it is of QoS 1.
            awaitIf(outlet.deliverGranted(publication, grants, keepings.nextToken()), data);
        } else if (recent.note(publication.id())) {
            awaitIf(outlet.deliver(publication, grants, keepings.nextToken()), data);
        } else {
            repeated++;
            keepings.joinRepeated(data);
        }
    }

    private void awaitIf(NodeOutlet.Custody custody, Frame.LaneData data) {
        if (custody == NodeOutlet.Custody.AWAITED) {
            keepings.await(data);
        }
    }

    /** What could not be kept comes again. By another way it may have come, and even been kept, before. */
    private void deliverAgain(Frame.LaneData data, List<GroupGrant> grants) {
        var custody = redeliver(data, grants);
        if (custody == NodeOutlet.Custody.TAKEN) {
            lanes.onKept(data.lane(), data.number());
        }
    }

    private NodeOutlet.Custody redeliver(Frame.LaneData data, List<GroupGrant> grants) {
        var publication = data.publication();
        if (!data.waybill().grantedOnly() && !recent.note(publication.id())) {
            return keepings.joinRepeated(data);
        }
        var token = keepings.nextToken();
        var custody = data.waybill().grantedOnly()
                ? outlet.deliverGranted(publication, grants, token)
                : outlet.deliverAgain(publication, grants, token);
        awaitIf(custody, data);
        return custody;
    }

    private void toNodes(
            Destinations destinations, boolean grantedOnly, Publication publication, long token, long nowNanos) {
        for (var node : destinations.nodes()) {
            lanes.toNode(node, publication, Waybill.of(destinations.grantsFor(node), grantedOnly), token, nowNanos);
        }
    }

    /** Sends from a slot to other zones and regions, each within its quota. */
    private void leave(
            int slot, List<Place> places, Publication publication, Waybill waybill, long token, long nowNanos) {
        for (var place : places) {
            if (lanes.outboxBytes(place) < settings.outboxBytesMax() && lanes.hasRoomToSlot(place, slot, publication)) {
                lanes.toSlot(place, slot, publication, waybill.onwardTo(place), token, nowNanos);
            } else {
                outboxDropped++;
                lanes.notPlaced(token);
            }
        }
    }

    private boolean haveRoom(List<Place> nodes, Publication publication) {
        for (var node : nodes) {
            if (!lanes.hasRoomToNode(node, publication)) {
                return false;
            }
        }
        return true;
    }

    /** Whether sessions here can take more. */
    private boolean hasRoomHere() {
        return isOpen.getAsBoolean() && outlet.hasRoom();
    }

    /** Whether lanes hold as much as they may; copies that are merely kept go first. */
    private boolean isFull() {
        if (lanes.heldBytes() < settings.laneBytesMax()) {
            return false;
        }
        lanes.letGo();
        if (lanes.heldBytes() >= settings.laneBytesMax()) {
            lanes.letGoOfAway();
        }
        return lanes.heldBytes() >= settings.laneBytesMax();
    }

    private static List<Place> beyond(Destinations destinations) {
        if (destinations.zones().isEmpty() && destinations.regions().isEmpty()) {
            return List.of();
        }
        var beyond = new ArrayList<>(destinations.zones());
        beyond.addAll(destinations.regions());
        return beyond;
    }
}
