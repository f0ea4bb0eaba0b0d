package io.meridianmq.core.mesh;

import io.meridianmq.core.lane.LaneReceivers;
import io.meridianmq.core.lane.LaneSender;
import io.meridianmq.core.lane.LaneSettings;
import io.meridianmq.core.lane.RoundTrip;
import io.meridianmq.core.lane.Verdict;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.route.Landing;
import io.meridianmq.core.route.NextHop;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * The lanes that begin and end at one node: to other nodes of the zone, to slots of the zone, and from slots to the same
 * slots of other zones and regions.
 *
 * <p>A lane to a slot that this node owns itself leads to the slot's standby; where there is none it leads back here, so
 * that nothing is overtaken when the owner changes. Owned by the thread that drives the node.
 */
final class NodeLanes {

    /** Token of a publication for which nothing waits. */
    static final long NOBODY_WAITS = -1;

    private static final int INCOMING_LANES_MAX = 65_536;
    private static final Duration INCOMING_IDLE = Duration.ofSeconds(30);

    /** How often lanes are looked at though no way has changed: far below the shortest time after which one sends again. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    /**
     * How long an acknowledgement for which no publisher waits is put off, so that one says what several would, and those
     * to one neighbour travel together. Without it most of what links carry would be acknowledgements.
     */
    private static final Duration LATE_ACKS_EVERY = Duration.ofMillis(100);

    /** Tokens from here on are settlements', those below are acceptances'. */
    private static final long SETTLEMENT = 1L << 32;

    private final Place self;
    private final long boot;
    private final Incarnation me;
    private final LaneSettings settings;
    private final Outlet outlet;
    private final LongConsumer accepted;
    private final Ways ways;

    private final Map<Way, Outgoing> outgoing = new HashMap<>();
    /** Those that hold something. */
    private final Set<Outgoing> active = new LinkedHashSet<>();
    /** Frames of lanes that lead back here, with a share of their publications. */
    private final Deque<Frame.LaneData> toSelf = new ArrayDeque<>();

    private final LaneReceivers incoming;
    private final Acceptances acceptances = new Acceptances();
    private final Settlements settlements;
    private final Map<Place, RoundTrip> roundTrips = new HashMap<>();
    /** Bytes held for places outside the zone. */
    private final Map<Place, Long> outboxBytes = new HashMap<>();

    /** Nodes that are waited for, and what is for them held. */
    private final Set<Place> away = new HashSet<>();

    private SlotTable slots = SlotTable.EMPTY;
    private boolean haveWaysChanged;
    private long lookedNanos;
    private long lateAcksNanos;
    private long heldFrames;
    private long heldBytes;
    private long resends;
    private long gone;

    /** Which neighbour leads to a destination now, if one does; {@code slot} as in {@link NextHop}. */
    @FunctionalInterface
    interface Ways {
        Optional<Place> nextHop(Place destination, int slot);
    }

    private record Way(Place destination, int slot) {}

    /**
     * Lanes of one start of a node.
     *
     * @param accepted told the token of each publish that has been taken into care wherever its publisher waits for it
     */
    NodeLanes(
            Place self,
            long boot,
            LaneSettings settings,
            Outlet outlet,
            LongConsumer accepted,
            Ways ways,
            long nowNanos) {
        this.self = self;
        this.boot = boot;
        this.settings = settings;
        this.outlet = outlet;
        this.accepted = accepted;
        this.ways = ways;
        this.lookedNanos = nowNanos;
        this.lateAcksNanos = nowNanos;
        this.me = new Incarnation(self, boot);
        this.incoming = new LaneReceivers(
                Landing.hashOf(me),
                INCOMING_LANES_MAX,
                INCOMING_IDLE,
                lane -> lane.source().inZone().equals(self.inZone()));
        this.settlements = new Settlements(incoming);
    }

    /** A token for a publish whose publisher waits until this many lanes' receivers have taken it into their care. */
    long awaitAcceptance(long publishToken, int lanes) {
        return acceptances.open(publishToken, lanes);
    }

    /** A token for what a lane brought, which is settled when this many lanes no longer hold it. */
    long awaitSettlement(Frame.LaneData brought, int lanes) {
        return SETTLEMENT + settlements.open(brought.lane(), brought.number(), lanes);
    }

    /** Whether the lane to a node has room; nobody waits for room for one that is away. */
    boolean hasRoomToNode(Place node, Publication publication) {
        return away.contains(node) || hasRoom(new Way(node, 0), publication);
    }

    /** Whether the lane to a slot of this zone, or from a slot of this node to another place, has room. */
    boolean hasRoomToSlot(Place destination, int slot, Publication publication) {
        return hasRoom(new Way(destination, slot), publication);
    }

    /** Sends a publication to a node of the zone. There is room. */
    void toNode(Place node, Publication publication, Waybill waybill, long token, long nowNanos) {
        offer(new Way(node, 0), publication, waybill, token, nowNanos);
    }

    /** Sends a publication to a slot of this zone, or from a slot of this node to another zone or region. There is room. */
    void toSlot(Place destination, int slot, Publication publication, Waybill waybill, long token, long nowNanos) {
        offer(new Way(destination, slot), publication, waybill, token, nowNanos);
    }

    /** A publication would have entered a lane, but there is no room in it: as if that lane had released it. */
    void notPlaced(long token) {
        if (token >= SETTLEMENT) {
            settlements.released((int) (token - SETTLEMENT));
        }
    }

    /** Judges a lane frame that ends here; see {@link LaneReceivers#onData}. */
    Verdict onData(Frame.LaneData frame, boolean capacity, boolean settles, long nowNanos) {
        return incoming.onData(frame, capacity, settles, nowNanos);
    }

    /** See {@link LaneReceivers#awaitKept}. */
    void awaitKept(Frame.LaneData data) {
        incoming.awaitKept(data.lane(), data.number());
    }

    /** See {@link LaneReceivers#onKept}. */
    void onKept(LaneKey lane, long number) {
        incoming.onKept(lane, number);
    }

    /** See {@link LaneReceivers#onNotKept}. */
    void onNotKept(LaneKey lane, long number) {
        incoming.onNotKept(lane, number);
    }

    /** Sessions here can take more again. */
    void onRoom() {
        incoming.onRoom();
    }

    void onAck(Frame.LaneAck ack, long nowNanos) {
        var lane = outgoing.get(new Way(ack.lane().destination(), ack.lane().slot()));
        if (lane != null && lane.sender.lane().equals(ack.lane())) {
            var held = heldFrames;
            lane.sender.onAck(ack, nowNanos);
            recount(lane);
            if (heldFrames < held) {
                incoming.onRoom();
            }
        }
    }

    /**
     * Other nodes have slots now. Lanes to them begin again with what is not settled; what came on lanes that others take
     * now is forgotten here, since they get it from its source. What it was passed on to goes on all the same: its source
     * may have ended.
     */
    void onSlots(SlotTable newer) {
        var older = slots;
        slots = newer;
        haveWaysChanged = true;
        incoming.forget(
                lane -> lane.destination().level() != Place.Level.NODE && takes(older, lane) && !takes(newer, lane));
        for (var lane : outgoing.values()) {
            var slot = lane.way.slot;
            if (isInZone(lane.way) && !older.taker(slot, self).equals(newer.taker(slot, self))) {
                lane.lose();
                lane.sender.onOtherReceiver();
                recount(lane);
            }
        }
    }

    /** Whether this node takes what comes on a lane to a slot: from its zone, or from others into it. */
    boolean takes(LaneKey lane) {
        return takes(slots, lane);
    }

    /** Links or members are others now: lanes may take other ways. */
    void onWays() {
        haveWaysChanged = true;
    }

    /**
     * A node has left, or started anew, and the sessions that outlive that are not there yet. What it has not acknowledged, and
     * what comes for it, is held here as long as there is room: publishers do not wait for it.
     */
    void standIn(Place node) {
        away.add(node);
        var lane = outgoing.get(new Way(node, 0));
        if (lane != null) {
            lane.lose();
            lane.sender.standIn();
            recount(lane);
        }
        incoming.dropSource(node);
    }

    /** A node that was away takes again what is for its sessions. What it had not acknowledged it may have lost. */
    void returned(Place node) {
        if (!away.remove(node)) {
            return;
        }
        var lane = outgoing.get(new Way(node, 0));
        if (lane != null) {
            lane.lose();
            lane.sender.standDown();
            recount(lane);
        }
        haveWaysChanged = true;
    }

    /** Whether a node has accepted all that was held for it while it was away, and is not away. */
    boolean hasCaughtUp(Place node) {
        var lane = outgoing.get(new Way(node, 0));
        return !away.contains(node) && (lane == null || lane.sender.hasCaughtUp());
    }

    /** Gives up what is held for nodes that are away. */
    void letGoOfAway() {
        for (var node : away) {
            var lane = outgoing.get(new Way(node, 0));
            if (lane != null) {
                gone += lane.sender.heldFrames();
                lane.end();
                lane.sender.standIn();
                recount(lane);
            }
        }
    }

    /** A node has ended: what waits for it waits in vain. */
    void abandon(Place node) {
        var lane = outgoing.get(new Way(node, 0));
        var wasAway = away.remove(node);
        if (lane != null) {
            gone += wasAway ? lane.sender.heldFrames() : 0; // Nobody is told of them any more.
            lane.end();
            recount(lane);
        }
        incoming.dropSource(node);
    }

    /** Gives up all copies that are merely kept for the case that their receivers end. */
    void letGo() {
        for (var lane : List.copyOf(active)) {
            lane.sender.letGo();
            recount(lane);
        }
    }

    /**
     * Sends what waited too long, follows the ways that opened and closed, and answers what arrived.
     *
     * @param arrival takes frames of lanes that lead back here
     */
    void flush(Consumer<Frame.LaneData> arrival, long nowNanos) {
        if (haveWaysChanged || nowNanos - lookedNanos >= LOOK_EVERY.toNanos()) {
            haveWaysChanged = false;
            lookedNanos = nowNanos;
            for (var lane : List.copyOf(active)) {
                lane.follow(nowNanos);
                lane.sender.onTick(nowNanos);
                recount(lane);
            }
        }
        incoming.flushAcks(ack -> acknowledge(ack, nowNanos));
        while (!toSelf.isEmpty()) {
            var frames = new ArrayList<>(toSelf);
            toSelf.clear();
            for (var frame : frames) {
                arrival.accept(frame);
                frame.publication().release();
            }
            incoming.flushAcks(ack -> acknowledge(ack, nowNanos));
        }
        if (nowNanos - lateAcksNanos >= LATE_ACKS_EVERY.toNanos()) {
            lateAcksNanos = nowNanos;
            incoming.flushLateAcks(ack -> acknowledge(ack, nowNanos));
        }
    }

    /** Bytes of publications in lanes. */
    long heldBytes() {
        return heldBytes;
    }

    /** Publications in lanes, once for each lane. */
    long heldFrames() {
        return heldFrames;
    }

    /** Bytes of publications in lanes to a place outside the zone. */
    long outboxBytes(Place destination) {
        return outboxBytes.getOrDefault(destination, 0L);
    }

    /** Frames that were sent more than once. */
    long resends() {
        return resends;
    }

    /** Publications whose destination ended before it accepted them. */
    long gone() {
        return gone;
    }

    private boolean hasRoom(Way way, Publication publication) {
        var lane = outgoing.get(way);
        return lane == null || lane.sender.hasRoomFor(publication);
    }

    private void offer(Way way, Publication publication, Waybill waybill, long token, long nowNanos) {
        var lane = outgoing.computeIfAbsent(way, this::open);
        if (haveWaysChanged || lane.hop.isEmpty() || lane.sender.heldFrames() == 0) {
            lane.follow(nowNanos); // The others are followed by flush.
        }
        var shared = publication.shareForLong();
        if (!lane.sender.offer(shared, waybill, token, nowNanos)) {
            shared.release();
            if (!away.contains(way.destination)) {
                throw new IllegalStateException("lane to " + way + " has no room: the caller did not ask first");
            }
            lane.accepted(token, LaneSender.Outcome.GONE);
            lane.released(token);
        }
        recount(lane);
    }

    private Outgoing open(Way way) {
        var lane = new Outgoing(way);
        if (away.contains(way.destination)) {
            lane.sender.standIn();
        }
        return lane;
    }

    private void acknowledge(Frame.LaneAck ack, long nowNanos) {
        if (ack.destination().equals(self)) {
            onAck(ack, nowNanos);
        } else {
            ways.nextHop(ack.destination(), NextHop.NO_SLOT).ifPresent(hop -> outlet.send(hop, ack));
        }
    }

    private void recount(Outgoing lane) {
        var frames = lane.sender.heldFrames();
        var bytes = lane.sender.heldBytes();
        heldFrames += frames - lane.countedFrames;
        heldBytes += bytes - lane.countedBytes;
        resends += lane.sender.resends() - lane.countedResends;
        if (bytes != lane.countedBytes && lane.way.destination.level() != Place.Level.NODE && !isInZone(lane.way)) {
            outboxBytes.merge(lane.way.destination, bytes - lane.countedBytes, Long::sum);
        }
        lane.countedFrames = frames;
        lane.countedBytes = bytes;
        lane.countedResends = lane.sender.resends();
        if (frames > 0) {
            active.add(lane);
        } else {
            active.remove(lane);
        }
    }

    private boolean isInZone(Way way) {
        return way.destination.equals(self.inZone());
    }

    private boolean takes(SlotTable table, LaneKey lane) {
        var taker = self.inZone().contains(lane.source())
                ? table.taker(lane.slot(), lane.source())
                : table.owner(lane.slot());
        return taker.filter(me::equals).isPresent();
    }

    /** Where the lane of a way leads next: to this node itself, if that is who takes what it sends to a slot. */
    private Optional<Place> nextHop(Way way) {
        if (way.destination.level() == Place.Level.NODE) {
            return away.contains(way.destination) ? Optional.empty() : ways.nextHop(way.destination, NextHop.NO_SLOT);
        }
        var taker = isInZone(way) ? slots.taker(way.slot, self) : Optional.<Incarnation>empty();
        if (taker.isEmpty()) {
            return ways.nextHop(way.destination, way.slot);
        }
        return taker.get().equals(me)
                ? Optional.of(self)
                : ways.nextHop(taker.get().place(), NextHop.NO_SLOT);
    }

    /** One lane's source and the way it takes. */
    private final class Outgoing implements LaneSender.Sink {

        private final Way way;
        private final LaneSender sender;
        private Optional<Place> hop = Optional.empty();
        private int countedFrames;
        private long countedBytes;
        private long countedResends;

        Outgoing(Way way) {
            this.way = way;
            this.sender = new LaneSender(
                    new LaneKey(self, boot, way.destination, way.slot),
                    settings,
                    roundTrips.computeIfAbsent(way.destination, _ -> new RoundTrip(settings)),
                    this);
        }

        void follow(long nowNanos) {
            var nextHop = nextHop(way);
            if (nextHop.equals(hop)) {
                return;
            }
            hop = nextHop;
            sender.onPathLost();
            if (hop.isPresent()) {
                sender.onPathRestored(nowNanos);
            }
        }

        void lose() {
            hop = Optional.empty();
            sender.onPathLost();
        }

        void end() {
            lose();
            sender.abandon();
        }

        @Override
        public void send(Frame.LaneData frame) {
            hop.ifPresent(neighbour -> {
                if (neighbour.equals(self)) {
                    frame.publication().share();
                    toSelf.add(frame);
                } else {
                    outlet.send(neighbour, frame);
                }
            });
        }

        @Override
        public void accepted(long token, LaneSender.Outcome outcome) {
            if (outcome == LaneSender.Outcome.GONE) {
                gone++;
            }
            if (token >= 0 && token < SETTLEMENT && acceptances.done((int) token)) {
                accepted.accept(acceptances.close((int) token));
            }
        }

        @Override
        public void released(long token) {
            if (token >= SETTLEMENT) {
                settlements.released((int) (token - SETTLEMENT));
            }
        }
    }
}
