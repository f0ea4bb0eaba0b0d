package io.meridianmq.core.mesh;

import io.meridianmq.core.lane.LaneReceivers;
import io.meridianmq.core.lane.LaneSender;
import io.meridianmq.core.lane.LaneSettings;
import io.meridianmq.core.lane.Verdict;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.route.Landing;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The lanes that begin and end at one node.
 *
 * <p>One lane leads to each node of the zone, to each other zone of the region and to each other region that was ever
 * wanted; the last two land on a node that the gateways there choose. Owned by the thread that drives the node.
 */
final class NodeLanes {

    /** Token of a publication whose publisher does not wait for this lane. */
    private static final long NOBODY_WAITS = -1;

    private static final int INCOMING_LANES_MAX = 65_536;
    private static final Duration INCOMING_IDLE = Duration.ofSeconds(30);

    private final Place self;
    private final long boot;
    private final LaneSettings settings;
    private final Outlet outlet;
    private final LongConsumer accepted;
    private final Function<Place, Optional<Place>> nextHop;

    private final Map<Place, Outgoing> outgoing = new HashMap<>();
    private final LaneReceivers incoming;
    private final Acceptances acceptances = new Acceptances();
    private long gone;

    /**
     * @param accepted told the token of each publish whose lanes inside the zone are all done
     * @param nextHop the neighbour that leads to a lane's destination now, if one does
     */
    NodeLanes(
            Place self,
            long boot,
            LaneSettings settings,
            Outlet outlet,
            LongConsumer accepted,
            Function<Place, Optional<Place>> nextHop) {
        this.self = self;
        this.boot = boot;
        this.settings = settings;
        this.outlet = outlet;
        this.accepted = accepted;
        this.nextHop = nextHop;
        this.incoming = new LaneReceivers(Landing.hashOf(self) ^ boot, INCOMING_LANES_MAX, INCOMING_IDLE);
    }

    /** Whether every lane that leads to {@code destinations} can take the publication. */
    boolean haveRoom(Publication publication, Destinations destinations) {
        return haveRoom(publication, destinations.nodes())
                && haveRoom(publication, destinations.zones())
                && haveRoom(publication, destinations.regions());
    }

    /**
     * Places a publication in every lane that leads to its destinations; the caller made sure that they have room.
     *
     * @return whether the publisher has to wait for acceptance inside the zone; if so its token is reported later
     */
    boolean place(Publication publication, Destinations destinations, long publishToken, long nowNanos) {
        for (var zone : destinations.zones()) {
            offer(zone, publication, destinations, NOBODY_WAITS, nowNanos);
        }
        for (var region : destinations.regions()) {
            offer(region, publication, destinations, NOBODY_WAITS, nowNanos);
        }
        var nodes = destinations.nodes();
        if (nodes.isEmpty()) {
            return false;
        }
        var token = acceptances.open(publishToken, nodes.size());
        for (var node : nodes) {
            offer(node, publication, destinations, token, nowNanos);
        }
        return true;
    }

    /** Places a publication that landed here in every lane onward; nobody here waits for them. */
    void placeOnward(Publication publication, Destinations destinations, long nowNanos) {
        for (var node : destinations.nodes()) {
            offer(node, publication, destinations, NOBODY_WAITS, nowNanos);
        }
        for (var zone : destinations.zones()) {
            offer(zone, publication, destinations, NOBODY_WAITS, nowNanos);
        }
    }

    /** Judges a lane frame that ends here. */
    Verdict onData(Frame.LaneData frame, boolean capacity, long nowNanos) {
        return incoming.onData(frame, capacity, nowNanos);
    }

    void onAck(Frame.LaneAck ack, long nowNanos) {
        var lane = outgoing.get(ack.lane().destination());
        if (lane != null && lane.sender.lane().equals(ack.lane())) {
            var held = lane.sender.heldFrames();
            lane.sender.onAck(ack, nowNanos);
            if (lane.sender.heldFrames() < held) {
                incoming.onRoom();
            }
        }
    }

    /** Sends what waited too long, follows the ways that opened and closed, and answers what arrived. */
    void flush(long nowNanos) {
        for (var lane : outgoing.values()) {
            lane.follow(nextHop.apply(lane.sender.lane().destination()), nowNanos);
            lane.sender.onTick(nowNanos);
        }
        incoming.flushAcks(ack -> nextHop.apply(ack.destination()).ifPresent(hop -> outlet.send(hop, ack)));
    }

    /** A node, zone or region has ended, or started anew: what waits for it waits in vain. */
    void abandon(Place destination) {
        var lane = outgoing.get(destination);
        if (lane != null) {
            lane.sender.abandon();
        }
        incoming.dropSource(destination);
    }

    /** Bytes of publications that wait in lanes. */
    long heldBytes() {
        return outgoing.values().stream()
                .mapToLong(lane -> lane.sender.heldBytes())
                .sum();
    }

    /** Publications that wait in lanes, once for each lane. */
    long heldFrames() {
        return outgoing.values().stream()
                .mapToLong(lane -> lane.sender.heldFrames())
                .sum();
    }

    /** Frames that were sent more than once. */
    long resends() {
        return outgoing.values().stream()
                .mapToLong(lane -> lane.sender.resends())
                .sum();
    }

    /** Publications whose destination ended before it accepted them. */
    long gone() {
        return gone;
    }

    private boolean haveRoom(Publication publication, List<Place> places) {
        for (var place : places) {
            var lane = outgoing.get(place);
            if (lane != null && !lane.sender.hasRoomFor(publication)) {
                return false;
            }
        }
        return true;
    }

    private void offer(
            Place destination, Publication publication, Destinations destinations, long token, long nowNanos) {
        var lane = outgoing.computeIfAbsent(destination, this::open);
        lane.follow(nextHop.apply(destination), nowNanos);
        var taken = lane.sender.offer(publication.shareForLong(), destinations.grantsFor(destination), token, nowNanos);
        if (!taken) {
            throw new IllegalStateException("lane to " + destination + " has no room: the caller did not ask first");
        }
    }

    private Outgoing open(Place destination) {
        var slot = destination.level() == Place.Level.NODE
                ? 0
                : (int) Long.remainderUnsigned(Landing.hashOf(self), LaneKey.SLOTS);
        return new Outgoing(new LaneKey(self, boot, destination, slot));
    }

    /** One lane's source and the way it takes. */
    private final class Outgoing implements LaneSender.Sink {

        private final LaneSender sender;
        private Optional<Place> hop = Optional.empty();

        Outgoing(LaneKey key) {
            this.sender = new LaneSender(key, settings, this);
        }

        void follow(Optional<Place> nextHop, long nowNanos) {
            if (nextHop.equals(hop)) {
                return;
            }
            hop = nextHop;
            sender.onPathLost();
            if (hop.isPresent()) {
                sender.onPathRestored(nowNanos);
            }
        }

        @Override
        public void send(Frame.LaneData frame) {
            hop.ifPresent(neighbour -> outlet.send(neighbour, frame));
        }

        @Override
        public void completed(long token, LaneSender.Outcome outcome) {
            if (outcome == LaneSender.Outcome.GONE) {
                gone++;
            }
            if (token != NOBODY_WAITS && acceptances.done((int) token)) {
                accepted.accept(acceptances.close((int) token));
            }
        }
    }
}
