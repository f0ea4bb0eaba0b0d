package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.ClaimSettings;
import io.meridianmq.core.digest.DigestExchange;
import io.meridianmq.core.digest.HeldDigest;
import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedNode;
import io.meridianmq.core.retained.RetainedStore;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.route.Landing;
import io.meridianmq.core.route.NextHop;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.RegisterState;
import io.meridianmq.core.slot.SlotFigures;
import io.meridianmq.core.slot.SlotSettings;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.core.stream.StreamSettings;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A broker node's part in the platform: tells the zone what its sessions want, decides where publications go, and moves
 * them on lanes.
 *
 * <p>Any thread may call {@link #router}, {@link #view}, {@link #slots}, {@link #routingChanges}, {@link
 * #platformSettings} and {@link #crossRegion}, its owner everything.
 */
public final class NodeMesh implements Mesh {

    /** What happened to a publish. */
    public enum Placement {
        /** Nobody has to accept it: the publisher may be acknowledged at once. */
        DONE,
        /** Nodes of the zone have to accept it first: {@link NodeOutlet#accepted} follows. */
        WAITING,
        /** A lane it would have to enter is full: nothing was placed anywhere. */
        FULL
    }

    private final Place self;
    private final AddressRules rules;
    private final MeshSettings settings;
    private final NodeOutlet outlet;
    private final long startedNanos;

    private final OwnInterest own;
    private final InterestTable table = new InterestTable();
    private final InterestExchange interest;
    private final HeldDigests digests = new HeldDigests();
    private final DigestExchange digestExchange;
    private final SettingsExchange platformSettings;
    private final NodeLanes lanes;
    private final Visibility visibility;
    private final LaneTraffic traffic;
    private final Router landings;
    private final Homecoming homecoming;
    private final NodeClaims claims;
    private final NodeSlots slots;
    private final RetainedNode retained;
    private final NodeStreams streams;

    private final Set<Place> links = new HashSet<>();
    /** Nodes of the zone that have left, or started anew and are not in service yet, and until when they are waited for. */
    private final Map<Place, Long> awayUntilNanos = new HashMap<>();

    private boolean isOpen;
    private final Map<Place, Long> linkDownSinceNanos = new HashMap<>();
    private volatile MembershipView view = MembershipView.EMPTY;
    /** What {@link #slots} knows, for all threads. */
    private volatile SlotTable slotTable = SlotTable.EMPTY;

    private long nowNanos;
    private long misrouted;
    private long digestChanges;

    /** @param store what this node keeps of retained messages */
    public NodeMesh(
            Place self,
            long boot,
            AddressRules rules,
            MeshSettings settings,
            NodeOutlet outlet,
            RetainedStore store,
            long nowNanos) {
        this.self = self;
        this.rules = rules;
        this.settings = settings;
        this.outlet = outlet;
        this.startedNanos = nowNanos;
        this.nowNanos = nowNanos;
        this.own = new OwnInterest(new InterestKey(self, boot));
        this.interest = new InterestExchange(own, table, outlet);
        this.digestExchange = DigestExchange.hearing(digests, outlet::send);
        this.platformSettings = new SettingsExchange(self, outlet::send, outlet::settingsChanged);
        this.lanes = new NodeLanes(self, boot, settings.lane(), outlet, outlet::accepted, this::nextHop, nowNanos);
        this.visibility = new Visibility(outlet);
        this.landings = router();
        this.homecoming =
                new Homecoming(incarnation(), outlet, (to, message) -> tell(to.place(), message), settings.awayMax());
        this.claims = new NodeClaims(
                incarnation(),
                ClaimSettings.DEFAULT,
                homecoming,
                (to, message) -> tell(to.place(), message),
                this::isSuspended,
                nowNanos);
        this.retained = new RetainedNode(
                incarnation(), rules, platformSettings::crossRegion, store, new RetainedOutlet(), nowNanos);
        this.slots = new NodeSlots(
                incarnation(), SlotSettings.DEFAULT, outlet, this::tell, List.of(claims, retained), nowNanos);
        this.streams = new NodeStreams(
                incarnation(), StreamSettings.DEFAULT, outlet, (to, message) -> tell(to.place(), message), nowNanos);
        this.traffic = new LaneTraffic(self, settings, outlet, landings, lanes, this::canLand, () -> isOpen);
    }

    /** A router for one thread. Any thread may call. */
    public Router router() {
        return new Router(self, rules, table, digests, this::view, platformSettings::crossRegion);
    }

    /** Who is alive. Any thread may call. */
    public MembershipView view() {
        return view;
    }

    /** Who has which slot of the zone, as last heard; {@link SlotTable#EMPTY} before that. Any thread may call. */
    public SlotTable slots() {
        return slotTable;
    }

    /** Grows when what {@link #router} decides may have changed. Any thread may call. */
    public long routingChanges() {
        return table.changes() + digests.changes() + platformSettings.held().version();
    }

    /** What is set for the platform, as far as this node has heard. Any thread may call. */
    public PlatformSettings platformSettings() {
        return platformSettings.held();
    }

    /** What may go to other regions, as far as this node has heard. Any thread may call. */
    public CrossRegion crossRegion() {
        return platformSettings.crossRegion();
    }

    /** This node's part in keeping and finding retained messages. */
    public RetainedNode retained() {
        return retained;
    }

    @Override
    public void onView(MembershipView newer, long nowNanos) {
        at(nowNanos);
        slots.onView(newer, nowNanos);
        claims.onView(newer, nowNanos);
        var older = view;
        view = newer;
        lanes.onWays();
        retained.onView(newer);
        streams.onView(newer, nowNanos);
        homecoming.onView(newer);
        older.members().forEach((place, member) -> {
            if (!inZone(place)) {
                return;
            }
            var now = newer.member(place);
            if (now.isEmpty() || now.get().boot() != member.boot()) {
                left(place);
            }
        });
        for (var place : List.copyOf(awayUntilNanos.keySet())) {
            if (newer.member(place).filter(member -> !member.starting()).isPresent()) {
                awayUntilNanos.remove(place);
                lanes.returned(place);
            }
        }
        newer.below(self.inZone()).forEach(place -> {
            if (!links.contains(place)) {
                linkDownSinceNanos.putIfAbsent(place, nowNanos);
            }
        });
    }

    /** What a node wanted is kept for a while: sessions that outlive it come back with it. */
    private void left(Place place) {
        links.remove(place);
        linkDownSinceNanos.remove(place);
        if (place.level() == Place.Level.NODE) {
            interest.leave(place);
            lanes.standIn(place);
            awayUntilNanos.put(place, nowNanos + settings.awayMax().toNanos());
        } else {
            interest.forget(place);
            lanes.abandon(place);
        }
    }

    private void giveUpAway() {
        awayUntilNanos.entrySet().removeIf(away -> {
            var isOver = nowNanos - away.getValue() >= 0;
            if (isOver) {
                if (!view.contains(away.getKey())) {
                    interest.forget(away.getKey());
                }
                lanes.abandon(away.getKey());
            }
            return isOver;
        });
    }

    /**
     * This node's sessions are there, also those from before its start: from now on it says what they want, takes what is for
     * them, and tells whose they are.
     */
    public void open(long nowNanos) {
        at(nowNanos);
        isOpen = true;
        interest.startSpeaking(nowNanos);
        claims.announce(nowNanos);
        lanes.onRoom();
    }

    /**
     * The slot table of the zone, as it is kept there; what is kept may also be older than what is known here, if its keeper
     * has lost data.
     */
    public void onSlots(SlotTable kept, long nowNanos) {
        at(nowNanos);
        slots.onTable(kept, nowNanos);
        var table = slots.roles().table();
        if (!table.equals(slotTable)) {
            slotTable = table;
            traffic.onSlots(table);
            retained.onSlots(table);
        }
        claims.onSlots(table, nowNanos);
    }

    /** Who leads the zone, and so makes its slot tables. */
    public void onLeader(Optional<Incarnation> leader, long nowNanos) {
        at(nowNanos);
        slots.onLeader(leader, nowNanos);
    }

    /** Whether what keeps the zone's leader and slot table can be reached. */
    public void onRegister(RegisterState state, long nowNanos) {
        at(nowNanos);
        slots.onRegister(state, nowNanos);
    }

    /**
     * What became of the table that {@link NodeOutlet#propose} handed out.
     *
     * @param written false also if nobody knows
     */
    public void onProposed(boolean written, long nowNanos) {
        at(nowNanos);
        slots.onProposed(written);
    }

    /** The table has been read after {@link NodeOutlet#confirmSlots} asked for it, and {@link #onSlots} has told it. */
    public void onSlotsConfirmed(long question, long nowNanos) {
        at(nowNanos);
        slots.onConfirmed(question);
    }

    /** This node's part in opens and claims, at this time. */
    public NodeClaims claims(long nowNanos) {
        at(nowNanos);
        return claims;
    }

    /** What this node says to others about client connections, at this time. */
    public NodeStreams streams(long nowNanos) {
        at(nowNanos);
        return streams;
    }

    /** This node's part in opens and claims, in numbers. */
    public ClaimFigures claimFigures() {
        return claims.figures();
    }

    /** What this node has to do with slots, in numbers. */
    public SlotFigures slotFigures() {
        return slots.figures();
    }

    @Override
    public void onLinkUp(Place neighbour, long nowNanos) {
        at(nowNanos);
        links.add(neighbour);
        linkDownSinceNanos.remove(neighbour);
        lanes.onWays();
        platformSettings.onLinkUp(neighbour, nowNanos);
        interest.onLinkUp(neighbour, neighbour.level() == Place.Level.NODE, true, nowNanos);
    }

    @Override
    public void onLinkDown(Place neighbour, long nowNanos) {
        at(nowNanos);
        links.remove(neighbour);
        linkDownSinceNanos.put(neighbour, nowNanos);
        lanes.onWays();
        platformSettings.onLinkDown(neighbour);
        interest.onLinkDown(neighbour);
        digestExchange.onLinkDown(neighbour);
    }

    @Override
    public void onLeftOut(Place neighbour, long nowNanos) {
        at(nowNanos);
        slots.suspend(nowNanos);
    }

    @Override
    public void onFrame(Place from, Frame frame, long nowNanos) {
        at(nowNanos);
        switch (frame) {
            case Frame.Forward forward -> onForward(forward);
            case Frame.LaneData data -> traffic.onData(data, nowNanos);
            case Frame.LaneAck ack -> lanes.onAck(ack, nowNanos);
            case Frame.InterestSnapshot snapshot -> interest.onSnapshot(from, snapshot);
            case Frame.InterestDelta delta -> interest.onDelta(from, delta);
            case Frame.InterestAck ack -> interest.onAck(from, ack, nowNanos);
            case Frame.InterestSummary summary -> interest.onSummary(from, summary);
            case Frame.DigestFrame digest -> digestExchange.onFrame(from, digest, nowNanos);
            case Frame.Between between -> onBetween(between);
            case Frame.SettingsFrame settingsFrame -> platformSettings.onFrame(from, settingsFrame, nowNanos);
            case Frame.Report report -> outlet.reported(report);
            case Frame.Request request -> onRequest(request);
            case Frame.Response response -> onResponse(response);
        }
    }

    /**
     * A session subscribes. The zone is told with the next {@link #flush}.
     *
     * @param online for a shared subscription, whether the member has a connection
     */
    public void subscribe(TopicFilter filter, boolean online) {
        if (filter.isShared()) {
            joinGroup(filter, online);
        } else {
            own.add(filter, rules.reachOf(filter.filter(), self));
        }
    }

    /**
     * Reports {@code token} with {@link NodeOutlet#visible} when the zone knows all that was subscribed before; at once before
     * {@link #open}, since there is nobody to answer yet.
     */
    public void awaitVisibility(long token, long nowNanos) {
        at(nowNanos);
        if (!isOpen) {
            outlet.visible(token, false);
            return;
        }
        visibility.await(
                own.version(), token, nowNanos + settings.visibilityCap().toNanos());
    }

    /** A session's subscription ends; for a shared one, {@code online} as it was last told. */
    public void unsubscribe(TopicFilter filter, boolean online) {
        if (filter.isShared()) {
            leaveGroup(filter, online);
        } else {
            own.remove(filter, rules.reachOf(filter.filter(), self));
        }
    }

    /** A member of a shared subscription got or lost its connection. */
    public void presence(TopicFilter shared, boolean online) {
        joinGroup(shared, online);
        leaveGroup(shared, !online);
    }

    /**
     * Sends a publication of a session of this node to everybody else who wants it.
     *
     * @param publication its bytes are shared for the duration of the call only
     * @param destinations a decision of {@link #router}, not older than the last change of interest that matters
     */
    public Placement publish(Publication publication, Destinations destinations, long publishToken, long nowNanos) {
        at(nowNanos);
        if (publication.qos() == Qos.AT_MOST_ONCE) {
            forward(publication, destinations);
            return Placement.DONE;
        }
        return traffic.publish(publication, destinations, false, publishToken, nowNanos);
    }

    /**
     * Sends a QoS 1 publication that an ended member of a shared subscription has left behind to a member elsewhere.
     * (MQTT 5, section 4.8.2)
     *
     * @param publication its bytes are shared for the duration of the call only
     * @return false if nobody else is a member, or there is no room for it
     */
    public boolean passOn(Publication publication, TopicFilter shared, long nowNanos) {
        at(nowNanos);
        var group = new GroupGrant(self, shared.group().orElseThrow(), shared.filter());
        var destinations = landings.decideGranted(
                publication.topic(),
                Router.Arrival.PUBLISHED_HERE,
                List.of(group),
                publication.id().number());
        return traffic.publish(publication, destinations, true, NodeLanes.NOBODY_WAITS, nowNanos) == Placement.WAITING;
    }

    /**
     * What became of a delivery that was {@link NodeOutlet.Custody#AWAITED}.
     *
     * @param token the delivery's
     * @param isKept false if there was no room for all of it: it will be delivered again
     */
    public void onKept(long token, boolean isKept, long nowNanos) {
        at(nowNanos);
        traffic.onKept(token, isKept);
    }

    @Override
    public void report(Map<String, Double> figures, List<LinkReport> links, long nowNanos, long atMillis) {
        view.member(self)
                .filter(listed -> listed.boot() == own.key().boot())
                .ifPresent(listed -> send(self.inZone(), new Frame.Report(listed, atMillis, figures, links)));
    }

    /**
     * Asks a component or, with a question that has a {@linkplain Question#slot slot}, the owner of that slot in a zone or
     * region, which may be this node itself. The answer, if one comes, goes to {@link Outlet#answered}.
     */
    public void ask(long id, Place destination, Question question) {
        var slot = question.slot();
        if (slot.isPresent() && destination.contains(self)) {
            askInRegion(new Frame.Request(id, self, destination, question, 0), slot.getAsInt());
        } else {
            nextHop(destination)
                    .ifPresent(hop -> outlet.send(hop, new Frame.Request(id, self, destination, question, 0)));
        }
    }

    /** Answers a question that {@link Outlet#asked} brought. */
    public void answer(Frame.Request request, Answer answer) {
        var response = new Frame.Response(request.id(), self, request.asker(), answer, 0);
        if (request.asker().equals(self)) {
            onResponse(response);
        } else {
            nextHop(request.asker()).ifPresent(hop -> outlet.send(hop, response));
        }
    }

    /** Tells another node of the zone something about slots; it may get lost. */
    public void tell(Place node, SlotMessage message) {
        nextHop(node)
                .ifPresent(hop ->
                        outlet.send(hop, new Frame.Between(self, own.key().boot(), node, message, 0)));
    }

    @Override
    public void flush(long nowNanos) {
        at(nowNanos);
        slots.flush(nowNanos);
        claims.flush(nowNanos);
        homecoming.flush(nowNanos);
        streams.flush(nowNanos);
        interest.flush(nowNanos);
        digestExchange.flush(nowNanos);
        if (!awayUntilNanos.isEmpty()) {
            giveUpAway();
        }
        traffic.flush(nowNanos);
        platformSettings.flush(nowNanos);
        flushRetained(nowNanos);
        if (!visibility.isEmpty()) {
            visibility.release(versionEverywhere(), nowNanos);
        }
        outlet.endOfBatch();
    }

    @Override
    public boolean isReady(long nowNanos) {
        return nowNanos - startedNanos >= settings.startupCap().toNanos()
                || (notCurrent().isEmpty() && knowsSiblingZones());
    }

    /** Whether it knows what the other zones of the region want, so that what lands here gets there. */
    private boolean canLand() {
        return nowNanos - startedNanos >= settings.startupCap().toNanos() || knowsSiblingZones();
    }

    private boolean knowsSiblingZones() {
        return view.below(self.inRegion()).allMatch(zone -> zone.equals(self.inZone()) || digests.hasHeard(zone));
    }

    /** The nodes of the zone that are alive and whose interest is not known at the moment. */
    public List<Place> notCurrent() {
        var current = table.currentHolders();
        return view.below(self.inZone())
                .filter(place -> !place.equals(self) && !current.contains(place))
                .toList();
    }

    /** What there is to measure. */
    public NodeFigures figures() {
        return new NodeFigures(
                own.size(),
                table.literalCount(),
                digests.held().size(),
                links.size(),
                lanes.heldFrames(),
                lanes.heldBytes(),
                lanes.resends(),
                lanes.gone(),
                traffic.unkept(),
                visibility.capped(),
                traffic.repeated(),
                misrouted + traffic.misrouted(),
                traffic.outboxDropped(),
                platformSettings.held().version(),
                retained.figures(),
                streams.figures());
    }

    private void forward(Publication publication, Destinations destinations) {
        for (var node : destinations.nodes()) {
            if (awayUntilNanos.containsKey(node)) {
                continue;
            }
            var frame = new Frame.Forward(self, publication, List.of(node), destinations.grantsFor(node), 0);
            nextHop(node).ifPresent(hop -> outlet.send(hop, frame));
        }
        if (destinations.zones().isEmpty() && destinations.regions().isEmpty()) {
            return;
        }
        var targets = new ArrayList<Place>(destinations.zones());
        targets.addAll(destinations.regions());
        var grants = destinations.grants().stream()
                .filter(grant -> targets.contains(grant.target()))
                .toList();
        send(self.inZone(), new Frame.Forward(self, publication, targets, grants, 0));
    }

    private void onForward(Frame.Forward forward) {
        if (!forward.targets().contains(self)) {
            misrouted++;
            return;
        }
        outlet.deliver(forward.publication(), grantsFor(forward.grants()), NodeLanes.NOBODY_WAITS);
    }

    /** In its own region a node chooses the zone by itself, and in its own zone the owner. */
    private void askInRegion(Frame.Request request, int slot) {
        var zone = request.destination().level() == Place.Level.REGION
                ? Landing.choose(slot, view.below(request.destination()))
                : Optional.of(request.destination());
        if (zone.isEmpty()) {
            return;
        }
        var inZone = new Frame.Request(request.id(), self, zone.get(), request.question(), 0);
        if (zone.get().contains(self)
                && slotTable
                        .owner(slot)
                        .filter(owner -> owner.equals(incarnation()))
                        .isPresent()) {
            onRequest(inZone);
        } else {
            nextHop(zone.get(), slot).ifPresent(hop -> outlet.send(hop, inZone));
        }
    }

    /** What an earlier start of this node was told is not for this one either: it would name another epoch or holder. */
    private void onBetween(Frame.Between between) {
        if (!between.destination().equals(self)) {
            misrouted++;
            return;
        }
        switch (between.message()) {
            case SlotMessage.Filled filled -> slots.onFilled(between.from(), filled);
            case SlotMessage.Claims messages -> claims.onMessages(between.from(), messages, nowNanos);
            case SlotMessage.Stream part -> streams.onPart(between.from(), part, nowNanos);
            case SlotMessage.AskHeld asked -> onAskHeld(between.from(), asked);
            case SlotMessage.NothingHeld answer -> {
                if (answer.destinationBoot() == own.key().boot()) {
                    homecoming.onNothingHeld(between.from());
                }
            }
        }
    }

    /** One that is not in service, as far as is known here, is away still: it asks again. */
    private void onAskHeld(Incarnation from, SlotMessage.AskHeld asked) {
        var isBack = view.member(from.place())
                .filter(member -> member.boot() == from.boot() && !member.starting())
                .isPresent();
        if (asked.destinationBoot() == own.key().boot() && isBack && lanes.hasCaughtUp(from.place())) {
            tell(from.place(), new SlotMessage.NothingHeld(from.boot()));
        }
    }

    private boolean isSuspended() {
        return slots.roles().isSuspended();
    }

    private Incarnation incarnation() {
        return new Incarnation(self, own.key().boot());
    }

    private void onRequest(Frame.Request request) {
        var forSlot = request.question().slot().isPresent();
        if (!(forSlot
                ? request.destination().contains(self)
                : request.destination().equals(self))) {
            misrouted++;
            return;
        }
        switch (request.question()) {
            case Question.Explain explain ->
                answer(
                        request,
                        Explanation.of(landings, explain, self, this::nextHop, outlet.filtersHere(explain.topic())));
            case Question.RetainedLookup lookup -> retained.onLookup(request, lookup);
            case Question.RetainedPut put -> retained.onPut(request, put);
            case Question.RetainedSum sum -> retained.onSum(request, sum);
            case Question.Operation operation -> {
                if (request.asker().equals(Place.GLOBAL)) {
                    onOperation(request, operation);
                } else {
                    answer(request, new Answer.Refused("only global-control may ask this of " + self));
                }
            }
        }
    }

    private void onOperation(Frame.Request request, Question.Operation operation) {
        switch (operation) {
            case Question.FindClaim find -> answer(request, claims.look(find.clientId(), nowNanos));
            case Question.NodeOperation _ -> outlet.asked(request);
        }
    }

    private void onResponse(Frame.Response response) {
        if (!retained.onAnswered(response)) {
            outlet.answered(response);
        }
    }

    private void flushRetained(long nowNanos) {
        if (digests.changes() != digestChanges) {
            digestChanges = digests.changes();
            retained.onRegions(digests.held().stream()
                    .map(HeldDigest::origin)
                    .filter(origin -> origin.level() == Place.Level.REGION && !origin.equals(self.inRegion()))
                    .collect(Collectors.toUnmodifiableSet()));
        }
        retained.onTick(nowNanos);
    }

    private List<GroupGrant> grantsFor(List<GroupGrant> grants) {
        return grants.isEmpty()
                ? grants
                : grants.stream().filter(grant -> grant.target().equals(self)).toList();
    }

    /** The newest version of this node's interest that every live member of the zone has, the gateway included. */
    private long versionEverywhere() {
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
    private void joinGroup(TopicFilter shared, boolean online) {
        var before = own.version();
        own.join(shared, online);
        mirrorGroups(before);
    }

    private void leaveGroup(TopicFilter shared, boolean online) {
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

    private void at(long nowNanos) {
        this.nowNanos = nowNanos;
        slots.at(nowNanos);
        streams.at(nowNanos);
    }

    private boolean inZone(Place place) {
        return self.inZone().contains(place);
    }

    private void send(Place neighbour, Frame frame) {
        if (links.contains(neighbour)) {
            outlet.send(neighbour, frame);
        }
    }

    private Optional<Place> nextHop(Place destination) {
        return nextHop(destination, NextHop.NO_SLOT);
    }

    private Optional<Place> nextHop(Place destination, int slot) {
        return NextHop.toward(self, destination, slot, slotTable, view, this::goesDirectly)
                .filter(links::contains);
    }

    private boolean goesDirectly(Place peer) {
        var downSince = linkDownSinceNanos.get(peer);
        return downSince == null
                || nowNanos - downSince < settings.detourAfter().toNanos();
    }

    /** What this node can do for the part of it that keeps retained messages. */
    private final class RetainedOutlet implements RetainedNode.Outlet {

        @Override
        public void send(long id, Place destination, Question question) {
            ask(id, destination, question);
        }

        @Override
        public void answer(Frame.Request request, Answer answer) {
            NodeMesh.this.answer(request, answer);
        }

        @Override
        public boolean reaches(Place place) {
            return nextHop(place).isPresent();
        }

        @Override
        public boolean isSuspended() {
            return NodeMesh.this.isSuspended();
        }
    }
}
