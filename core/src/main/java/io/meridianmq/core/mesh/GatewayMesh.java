package io.meridianmq.core.mesh;

import io.meridianmq.core.digest.DigestExchange;
import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.digest.OwnDigest;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.InterestUnion;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedGateway;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Destinations;
import io.meridianmq.core.route.Landing;
import io.meridianmq.core.route.NextHop;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;

/**
 * A gateway's part in the platform, of a zone or of a region: the same rules, one level apart.
 *
 * <p>It holds the exact interest of what is below it, tells its siblings a digest of what may leave, tells its parent (a
 * zone's: its region's gateway) the same exactly, hands the digests it hears down, fans QoS 0 publications out, and passes
 * addressed frames on without looking inside. It keeps no state of lanes.
 *
 * <p>It does not speak for what is below before it knows all of it, so that a restart never replaces what others know with
 * less.
 */
public final class GatewayMesh implements Mesh {

    private final Place self;
    private final long boot;
    private final MeshSettings settings;
    private final Outlet outlet;

    private final InterestTable table;
    private final InterestExchange interest;
    /** Nodes that have left. What they wanted is kept. */
    private final Absences away;

    private final HeldDigests digests = new HeldDigests();
    private final OwnDigest ownDigest;
    private final DigestExchange digestExchange;
    private final SettingsExchange platformSettings;
    private final Router router;
    private final RetainedGateway retained;

    private final Set<Place> links = new HashSet<>();
    private MembershipView view = MembershipView.EMPTY;

    /** Of its zone; a region has none. */
    private SlotTable slots = SlotTable.EMPTY;

    /** When it first saw who is alive, and so whom to wait for; before that, when it started. */
    private long seeingSinceNanos;

    private long forwarded;
    private long falsePositives;
    private long backwards;
    private long unreachable;
    private long tooFar;

    /** @param self a zone or a region */
    public GatewayMesh(Place self, long boot, AddressRules rules, MeshSettings settings, Outlet outlet, long nowNanos) {
        if (self.level() != Place.Level.ZONE && self.level() != Place.Level.REGION) {
            throw new IllegalArgumentException(self + " has no gateway: only zones and regions have");
        }
        this.self = self;
        this.boot = boot;
        this.settings = settings;
        this.outlet = outlet;
        this.seeingSinceNanos = nowNanos;
        var leaves = self.level() == Place.Level.ZONE ? Reach.REGION : Reach.GLOBAL;
        var own = new OwnInterest(new InterestKey(self, boot));
        this.ownDigest = new OwnDigest(self, boot, () -> literals(leaves));
        this.table = new InterestTable(
                leaves, self.level() == Place.Level.ZONE ? new InterestUnion(own).and(ownDigest) : ownDigest);
        this.interest = new InterestExchange(own, table, outlet);
        this.away = new Absences(settings.awayMax());
        this.digestExchange = DigestExchange.relaying(digests, ownDigest, outlet::send);
        this.platformSettings = new SettingsExchange(self, outlet::send, _ -> {});
        this.router = new Router(self, rules, table, digests, () -> view);
        this.retained = new RetainedGateway(
                self, new RetainedOutlet(), () -> view.below(self).toList(), nowNanos);
    }

    @Override
    public void onView(MembershipView newer, long nowNanos) {
        ownDigest.at(nowNanos);
        var older = view;
        view = newer;
        if (older.revision() == 0) {
            seeingSinceNanos = nowNanos;
        }
        older.members().keySet().forEach(place -> {
            if (!newer.contains(place)) {
                links.remove(place);
                if (isBelow(place)) {
                    left(place, nowNanos);
                }
            }
        });
        away.endReturned(newer::contains);
    }

    /** What a node wanted is kept for a while: sessions that outlive it come back with it. */
    private void left(Place place, long nowNanos) {
        if (place.level() == Place.Level.NODE) {
            interest.leave(place);
            away.begin(place, nowNanos);
        } else {
            interest.forget(place);
        }
    }

    /** Another table of who has which slot of this zone. An older one than is known changes nothing. */
    public void onSlots(SlotTable newer, long nowNanos) {
        if (newer.version() > slots.version()) {
            slots = newer;
        }
    }

    @Override
    public void onLinkUp(Place neighbour, long nowNanos) {
        links.add(neighbour);
        platformSettings.onLinkUp(neighbour, nowNanos);
        interest.onLinkUp(neighbour, isBelow(neighbour), isParentGateway(neighbour), nowNanos);
        if (isBelow(neighbour)) {
            digestExchange.relayTo(neighbour, nowNanos);
        } else if (isSibling(neighbour)) {
            digestExchange.tell(neighbour, nowNanos);
        }
    }

    @Override
    public void onLinkDown(Place neighbour, long nowNanos) {
        links.remove(neighbour);
        platformSettings.onLinkDown(neighbour);
        interest.onLinkDown(neighbour);
        digestExchange.onLinkDown(neighbour);
    }

    @Override
    public void onLeftOut(Place neighbour, long nowNanos) {
        // What a gateway passes on belongs to others, who judge it themselves.
    }

    @Override
    public void onFrame(Place from, Frame frame, long nowNanos) {
        ownDigest.at(nowNanos);
        switch (frame) {
            case Frame.Forward forward -> onForward(from, forward);
            case Frame.InterestSnapshot snapshot -> interest.onSnapshot(from, snapshot);
            case Frame.InterestDelta delta -> interest.onDelta(from, delta);
            case Frame.InterestAck ack -> interest.onAck(from, ack, nowNanos);
            case Frame.InterestSummary summary -> interest.onSummary(from, summary);
            case Frame.DigestFrame digest -> digestExchange.onFrame(from, digest, nowNanos);
            case Frame.SettingsFrame settingsFrame -> platformSettings.onFrame(from, settingsFrame, nowNanos);
            case Frame.Report report -> onReport(report);
            case Frame.Request request when isForItself(request) -> onRequest(request);
            case Frame.Response response when response.destination().equals(self) -> retained.onAnswered(response);
            case Frame.Request request -> passOn(from, request);
            case Frame.Addressed addressed -> passOnAsIs(from, addressed);
        }
    }

    /** Takes what the global directory says is set for the platform, if that is newer than what is known. */
    public void onSettings(PlatformSettings fromDirectory) {
        platformSettings.offer(fromDirectory);
    }

    /** What is set for the platform, as far as this component has heard. Any thread may call. */
    public PlatformSettings platformSettings() {
        return platformSettings.held();
    }

    @Override
    public void report(Map<String, Double> figures, List<LinkReport> links, long nowNanos, long atMillis) {
        view.member(self)
                .filter(listed -> listed.boot() == boot)
                .ifPresent(listed -> onReport(new Frame.Report(listed, atMillis, figures, links)));
    }

    @Override
    public void flush(long nowNanos) {
        if (!interest.isSpeaking() && isReady(nowNanos)) {
            interest.startSpeaking(nowNanos);
            digestExchange.startSpeaking(nowNanos);
        }
        away.endOverdue(nowNanos).forEach(interest::forget);
        interest.flush(nowNanos);
        digestExchange.flush(nowNanos);
        platformSettings.flush(nowNanos);
        retained.onTick(nowNanos);
    }

    @Override
    public boolean isReady(long nowNanos) {
        if (view.revision() == 0) {
            return false;
        }
        return nowNanos - seeingSinceNanos >= settings.startupCap().toNanos()
                || view.below(self).allMatch(interest::isCurrent);
    }

    /** What there is to measure. */
    public GatewayFigures figures() {
        return new GatewayFigures(
                table.literalCount(),
                digests.held().size(),
                links.size(),
                forwarded,
                falsePositives,
                backwards,
                unreachable,
                tooFar,
                platformSettings.held().version(),
                slots.version());
    }

    private void onForward(Place from, Frame.Forward forward) {
        var hops = forward.hops() + 1;
        if (hops >= Frame.HOPS_MAX) {
            tooFar++;
            return;
        }
        var byNextHop = new TreeMap<Place, List<Place>>();
        for (var target : forward.targets()) {
            if (target.equals(self)) {
                fanOut(forward, hops);
            } else {
                send(from, target, byNextHop);
            }
        }
        byNextHop.forEach((neighbour, targets) -> {
            var grants = forward.grants().stream()
                    .filter(grant -> targets.contains(grant.target()))
                    .toList();
            forwarded++;
            outlet.send(neighbour, new Frame.Forward(forward.source(), forward.publication(), targets, grants, hops));
        });
    }

    private void send(Place from, Place target, Map<Place, List<Place>> byNextHop) {
        var next = nextHop(target, NextHop.NO_SLOT);
        if (next.isEmpty()) {
            unreachable++;
        } else if (next.get().equals(from)) {
            backwards++;
        } else {
            byNextHop
                    .computeIfAbsent(next.get(), neighbour -> new ArrayList<>())
                    .add(target);
        }
    }

    /** The publication has come to a place it was for: from here it only goes down, never to where it came from. */
    private void fanOut(Frame.Forward forward, int hops) {
        var publication = forward.publication();
        var arrival = forward.source().inRegion().equals(self.inRegion())
                ? Router.Arrival.FROM_ANOTHER_ZONE
                : Router.Arrival.FROM_ANOTHER_REGION;
        var decision = router.decide(
                publication.topic(),
                Qos.AT_MOST_ONCE,
                arrival,
                forward.grants(),
                publication.id().number());
        var below = below(decision);
        if (below.isEmpty()) {
            falsePositives++;
        }
        for (var place : below) {
            if (place.contains(forward.source())) {
                backwards++;
            } else if (links.contains(place)) {
                forwarded++;
                outlet.send(
                        place,
                        new Frame.Forward(
                                forward.source(), publication, List.of(place), decision.grantsFor(place), hops));
            } else {
                unreachable++;
            }
        }
    }

    private List<Place> below(Destinations decision) {
        return self.level() == Place.Level.ZONE ? decision.nodes() : decision.zones();
    }

    private void onReport(Frame.Report report) {
        outlet.reported(report);
        if (links.contains(above())) {
            outlet.send(above(), report);
        }
    }

    private void onRequest(Frame.Request request) {
        switch (request.question()) {
            case Question.Explain explain ->
                respond(
                        request,
                        Explanation.of(router, explain, self, place -> nextHop(place, NextHop.NO_SLOT), List.of()));
            case Question.RetainedLookup lookup -> retained.onAsked(request, lookup);
            case Question.RetainedPut _, Question.RetainedSum _ ->
                respond(request, new Answer.Refused(self + " is a gateway and keeps no retained messages"));
            case Question.Operation operation ->
                respond(request, new Answer.Refused(self + " is a gateway and has no clients"));
        }
    }

    private void respond(Frame.Request request, Answer answer) {
        nextHop(request.asker(), NextHop.NO_SLOT)
                .ifPresent(hop -> outlet.send(hop, new Frame.Response(request.id(), self, request.asker(), answer, 0)));
    }

    private void passOnAsIs(Place from, Frame.Addressed frame) {
        var hopped = frame.hopped();
        if (hopped.hops() >= Frame.HOPS_MAX) {
            tooFar++;
            return;
        }
        var slot = slotOf(frame);
        var next = frame instanceof Frame.LaneData data && isWithin(data)
                ? slots.taker(slot, data.lane().source())
                        .map(Incarnation::place)
                        .filter(links::contains)
                : nextHop(frame.destination(), slot);
        if (next.isEmpty()) {
            unreachable++;
            if (frame instanceof Frame.Request request) {
                respond(request, new Answer.Refused("there is no way from " + self + " to " + frame.destination()));
            }
        } else if (next.get().equals(from)) {
            if (slot != NextHop.NO_SLOT && frame.destination().contains(self)) {
                unreachable++; // Its sender has another table than this gateway: one of them is about to change.
            } else {
                backwards++;
            }
        } else {
            forwarded++;
            outlet.send(next.get(), hopped);
        }
    }

    /** A zone that nobody knows is its region: the owner of a slot is chosen there, and look-ups are gathered there. */
    private void passOn(Place from, Frame.Request request) {
        var zone = request.destination();
        var slot = request.question().slot();
        var isUnknown = self.level() == Place.Level.REGION
                && zone.level() == Place.Level.ZONE
                && self.contains(zone)
                && !view.contains(zone);
        if (isUnknown && slot.isPresent()) {
            Landing.choose(slot.getAsInt(), view.below(self))
                    .ifPresentOrElse(landing -> passOnAsIs(from, request.to(landing)), () -> passOnAsIs(from, request));
        } else if (isUnknown && request.question() instanceof Question.RetainedLookup) {
            onRequest(request.to(self));
        } else {
            passOnAsIs(from, request);
        }
    }

    /** Whether it comes from a node of this zone and goes to a slot of it, whose owner is known. */
    private boolean isWithin(Frame.LaneData data) {
        return data.destination().equals(self)
                && self.contains(data.lane().source())
                && slots.version() != SlotTable.EMPTY.version();
    }

    private boolean isForItself(Frame.Request request) {
        return request.destination().equals(self) && request.question().slot().isEmpty();
    }

    private static int slotOf(Frame.Addressed frame) {
        return switch (frame) {
            case Frame.LaneData data -> data.lane().slot();
            case Frame.Request request -> request.question().slot().orElse(NextHop.NO_SLOT);
            case Frame.LaneAck _, Frame.Between _, Frame.Response _ -> NextHop.NO_SLOT;
        };
    }

    private Optional<Place> nextHop(Place destination, int slot) {
        return NextHop.toward(self, destination, slot, slots, view, links::contains)
                .filter(links::contains);
    }

    private PrimitiveIterator.OfLong literals(Reach leaves) {
        return table.literals(leaves);
    }

    private boolean isBelow(Place place) {
        return place.parent().filter(self::equals).isPresent();
    }

    private boolean isSibling(Place place) {
        return place.level() == self.level() && !place.equals(self);
    }

    private boolean isParentGateway(Place place) {
        return self.level() == Place.Level.ZONE && place.equals(above());
    }

    private Place above() {
        return self.parent().orElseThrow();
    }

    /** What this gateway can do for the part of it that finds retained messages. */
    private final class RetainedOutlet implements RetainedGateway.Outlet {

        @Override
        public void send(long id, Place destination, Question question) {
            nextHop(destination, NextHop.NO_SLOT)
                    .ifPresent(hop -> outlet.send(hop, new Frame.Request(id, self, destination, question, 0)));
        }

        @Override
        public void answer(Frame.Request request, Answer answer) {
            respond(request, answer);
        }

        @Override
        public boolean reaches(Place place) {
            return nextHop(place, NextHop.NO_SLOT).isPresent();
        }
    }
}
