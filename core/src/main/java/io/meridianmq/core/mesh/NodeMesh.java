package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.ClaimSettings;
import io.meridianmq.core.digest.DigestExchange;
import io.meridianmq.core.digest.HeldDigest;
import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
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
import io.meridianmq.core.route.Router;
import io.meridianmq.core.settings.CrossRegion;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.RegisterState;
import io.meridianmq.core.slot.SlotFigures;
import io.meridianmq.core.slot.SlotSettings;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.core.stream.StreamSettings;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A broker node's part in the platform: tells the zone what its sessions want, decides where publications go, and moves
 * them on lanes. Each of these is the matter of a part; here they are put together, and are told what happens.
 *
 * <pre>
 *   where others are       NodeWays: who is alive, which links are up, who has which slot
 *   who wants what         NodeSubscriptions: this node's sessions; InterestExchange, DigestExchange: everybody else
 *   publications           Forwards: QoS 0; LaneTraffic, on NodeLanes: QoS 1 and 2
 *   nodes that are away    AwayNodes: others; Homecoming: this one, when it is back
 *   what nodes share       NodeSlots, with NodeClaims and RetainedNode as their contents
 *   what else they say     NodeQuestions, NodeStreams, SettingsExchange
 * </pre>
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

    private final Incarnation self;
    private final AddressRules rules;
    private final NodeOutlet outlet;

    private final NodeWays ways;
    private final InterestTable table = new InterestTable();
    private final InterestExchange interest;
    private final NodeSubscriptions subscriptions;
    private final HeldDigests digests = new HeldDigests();
    private final DigestExchange digestExchange;
    private final SettingsExchange platformSettings;
    private final Readiness readiness;
    private final NodeLanes lanes;
    private final LaneTraffic traffic;
    private final Forwards forwards;
    private final AwayNodes away;
    private final Homecoming homecoming;
    private final NodeClaims claims;
    private final NodeSlots slots;
    private final RetainedNode retained;
    private final NodeQuestions questions;
    private final NodeStreams streams;

    private long misdirected;
    private long digestChanges;

    /** @param store what this node keeps of retained messages */
    public NodeMesh(
            Place place,
            long boot,
            AddressRules rules,
            MeshSettings settings,
            NodeOutlet outlet,
            RetainedStore store,
            long nowNanos) {
        this.self = new Incarnation(place, boot);
        this.rules = rules;
        this.outlet = outlet;
        this.ways = new NodeWays(self, outlet, settings.detourAfter(), nowNanos);
        var own = new OwnInterest(new InterestKey(place, boot));
        this.interest = new InterestExchange(own, table, outlet);
        this.subscriptions = new NodeSubscriptions(rules, own, table, interest, outlet, settings.visibilityCap());
        this.digestExchange = DigestExchange.hearing(digests, outlet::send);
        this.platformSettings = new SettingsExchange(place, outlet::send, outlet::settingsChanged);
        this.readiness = new Readiness(place, ways, table, digests, settings.startupCap(), nowNanos);
        this.lanes = new NodeLanes(place, boot, settings.lane(), outlet, outlet::accepted, ways::nextHop, nowNanos);
        var router = router();
        this.traffic =
                new LaneTraffic(place, settings, outlet, router, lanes, readiness::canLand, interest::isSpeaking);
        this.away = new AwayNodes(self, interest, lanes, ways::tell, settings.awayMax());
        this.forwards = new Forwards(place, ways, away, outlet);
        this.homecoming = new Homecoming(self, outlet, ways::tell, settings.awayMax());
        this.claims = new NodeClaims(self, ClaimSettings.DEFAULT, homecoming, ways::tell, this::isSuspended, nowNanos);
        this.retained =
                new RetainedNode(self, rules, platformSettings::crossRegion, store, new RetainedOutlet(), nowNanos);
        this.slots = new NodeSlots(self, SlotSettings.DEFAULT, outlet, ways::tell, List.of(claims, retained), nowNanos);
        this.questions = new NodeQuestions(self, ways, outlet, router, claims, retained, nowNanos);
        this.streams = new NodeStreams(self, StreamSettings.DEFAULT, outlet, ways::tell, nowNanos);
    }

    /** A router for one thread. Any thread may call. */
    public Router router() {
        return new Router(self.place(), rules, table, digests, ways::view, platformSettings::crossRegion);
    }

    /** Who is alive. Any thread may call. */
    public MembershipView view() {
        return ways.view();
    }

    /** Who has which slot of the zone, as last heard; {@link SlotTable#EMPTY} before that. Any thread may call. */
    public SlotTable slots() {
        return ways.slots();
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
        var older = ways.view();
        ways.onView(newer);
        lanes.onWays();
        retained.onView(newer);
        streams.onView(newer, nowNanos);
        homecoming.onView(newer);
        older.members().values().stream()
                .filter(member -> self.place().inZone().contains(member.place()) && !newer.lists(member.incarnation()))
                .forEach(member -> left(member.place(), nowNanos));
        away.onView(newer);
    }

    /** A start of a component of the zone has ended. */
    private void left(Place place, long nowNanos) {
        ways.onLeft(place);
        if (place.level() == Place.Level.NODE) {
            away.onLeft(place, nowNanos);
        } else {
            interest.forget(place); // No lane leads to a gateway: those to its place lead to slots of the zone.
        }
    }

    /**
     * This node's sessions are there, also those from before its start: from now on it says what they want, takes what is for
     * them, and tells whose they are.
     */
    public void open(long nowNanos) {
        at(nowNanos);
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
        if (!table.equals(ways.slots())) {
            ways.onSlots(table);
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
        ways.onLinkUp(neighbour);
        lanes.onWays();
        platformSettings.onLinkUp(neighbour, nowNanos);
        interest.onLinkUp(neighbour, neighbour.level() == Place.Level.NODE, true, nowNanos);
    }

    @Override
    public void onLinkDown(Place neighbour, long nowNanos) {
        at(nowNanos);
        ways.onLinkDown(neighbour);
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
            case Frame.Forward forward -> forwards.onForward(forward);
            case Frame.LaneData data -> traffic.onData(data, nowNanos);
            case Frame.LaneAck ack -> lanes.onAck(ack, nowNanos);
            case Frame.InterestSnapshot snapshot -> interest.onSnapshot(from, snapshot);
            case Frame.InterestDelta delta -> interest.onDelta(from, delta);
            case Frame.InterestAck ack -> interest.onAck(from, ack, nowNanos);
            case Frame.InterestSummary summary -> interest.onSummary(from, summary);
            case Frame.DigestFrame digest -> digestExchange.onFrame(from, digest, nowNanos);
            case Frame.Between between -> onBetween(between, nowNanos);
            case Frame.SettingsFrame settingsFrame -> platformSettings.onFrame(from, settingsFrame, nowNanos);
            case Frame.Report report -> outlet.reported(report);
            case Frame.Request request -> questions.onRequest(request);
            case Frame.Response response -> questions.onResponse(response);
        }
    }

    /**
     * A session subscribes. The zone is told with the next {@link #flush}.
     *
     * @param online for a shared subscription, whether the member has a connection
     */
    public void subscribe(TopicFilter filter, boolean online) {
        subscriptions.subscribe(filter, online);
    }

    /**
     * Reports {@code token} with {@link NodeOutlet#visible} when the zone knows all that was subscribed before; at once before
     * {@link #open}, since there is nobody to answer yet.
     */
    public void awaitVisibility(long token, long nowNanos) {
        at(nowNanos);
        subscriptions.awaitVisibility(token, nowNanos);
    }

    /** A session's subscription ends; for a shared one, {@code online} as it was last told. */
    public void unsubscribe(TopicFilter filter, boolean online) {
        subscriptions.unsubscribe(filter, online);
    }

    /** A member of a shared subscription got or lost its connection. */
    public void presence(TopicFilter shared, boolean online) {
        subscriptions.presence(shared, online);
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
            forwards.publish(publication, destinations);
            return Placement.DONE;
        }
        return traffic.publish(publication, destinations, publishToken, nowNanos);
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
        return traffic.passOn(publication, shared, nowNanos);
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
        view().member(self.place())
                .filter(listed -> listed.incarnation().equals(self))
                .ifPresent(listed -> ways.sendUp(new Frame.Report(listed, atMillis, figures, links)));
    }

    /**
     * Asks a component or, with a question that has a {@linkplain Question#slot slot}, the owner of that slot in a zone or
     * region, which may be this node itself. The answer, if one comes, goes to {@link Outlet#answered}.
     */
    public void ask(long id, Place destination, Question question) {
        questions.ask(id, destination, question);
    }

    /** Answers a question that {@link Outlet#asked} brought. */
    public void answer(Frame.Request request, Answer answer) {
        questions.answer(request, answer);
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
        away.flush(nowNanos);
        traffic.flush(nowNanos);
        platformSettings.flush(nowNanos);
        flushRetained(nowNanos);
        subscriptions.flush(view(), nowNanos);
        outlet.endOfBatch();
    }

    @Override
    public boolean isReady(long nowNanos) {
        return readiness.isReady(nowNanos);
    }

    /** The nodes of the zone that are alive and whose interest is not known at the moment. */
    public List<Place> notCurrent() {
        return readiness.notCurrent();
    }

    /** What there is to measure. */
    public NodeFigures figures() {
        return new NodeFigures(
                subscriptions.size(),
                table.literalCount(),
                digests.held().size(),
                ways.links(),
                lanes.heldFrames(),
                lanes.heldBytes(),
                lanes.resends(),
                lanes.gone(),
                traffic.unkept(),
                subscriptions.capped(),
                traffic.repeated(),
                misdirected + forwards.misrouted() + questions.misrouted() + traffic.misrouted(),
                traffic.outboxDropped(),
                platformSettings.held().version(),
                retained.figures(),
                streams.figures());
    }

    /** What an earlier start of this node was told is not for this one either: it would name another epoch or holder. */
    private void onBetween(Frame.Between between, long nowNanos) {
        if (!between.destination().equals(self.place())) {
            misdirected++;
            return;
        }
        switch (between.message()) {
            case SlotMessage.Filled filled -> slots.onFilled(between.from(), filled);
            case SlotMessage.Claims messages -> claims.onMessages(between.from(), messages, nowNanos);
            case SlotMessage.Stream part -> streams.onPart(between.from(), part, nowNanos);
            case SlotMessage.AskHeld asked -> away.onAskHeld(between.from(), asked);
            case SlotMessage.NothingHeld answer -> {
                if (answer.destinationBoot() == self.boot()) {
                    homecoming.onNothingHeld(between.from());
                }
            }
        }
    }

    private boolean isSuspended() {
        return slots.roles().isSuspended();
    }

    private void flushRetained(long nowNanos) {
        if (digests.changes() != digestChanges) {
            digestChanges = digests.changes();
            retained.onRegions(digests.held().stream()
                    .map(HeldDigest::origin)
                    .filter(origin -> origin.level() == Place.Level.REGION
                            && !origin.equals(self.place().inRegion()))
                    .collect(Collectors.toUnmodifiableSet()));
        }
        retained.onTick(nowNanos);
    }

    private void at(long nowNanos) {
        ways.at(nowNanos);
        questions.at(nowNanos);
        slots.at(nowNanos);
        streams.at(nowNanos);
    }

    /** What this node can do for the part of it that keeps retained messages. */
    private final class RetainedOutlet implements RetainedNode.Outlet {

        @Override
        public void send(long id, Place destination, Question question) {
            questions.ask(id, destination, question);
        }

        @Override
        public void answer(Frame.Request request, Answer answer) {
            questions.answer(request, answer);
        }

        @Override
        public boolean reaches(Place place) {
            return ways.nextHop(place).isPresent();
        }

        @Override
        public boolean isSuspended() {
            return NodeMesh.this.isSuspended();
        }
    }
}
