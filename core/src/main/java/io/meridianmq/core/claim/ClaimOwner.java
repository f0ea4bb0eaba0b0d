package io.meridianmq.core.claim;

import io.meridianmq.core.claim.Evictions.Eviction;
import io.meridianmq.core.claim.SlotClaims.WillKey;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node as owner of slots: grants connections, one for each client identifier, and sees to the wills of those who lost
 * theirs.
 *
 * <p>Opens of one client are taken one after the other, in the order in which they arrive. The connection before is
 * {@linkplain ClaimMessage.Evict evicted}, but not waited for: only its will is, until its front has told that the client
 * had not said goodbye, since that may be on its way still. Wills are stamped before the next connection is granted.
 *
 * <p>A session that is to outlive its connection is made at the node that owns the slot then, and stays there: that is its
 * home, wherever its client connects and whoever owns the slot later. If the home is gone the client begins anew, and
 * inherits the messages of its earlier session if that turns up; if the home has started again, the client waits until it
 * has told what it still has.
 *
 * <p>Belongs to one thread. Limits are in {@link ClaimSettings}.
 */
public final class ClaimOwner {

    private final Incarnation self;
    private final ClaimSettings settings;
    private final ClaimOutlet outlet;
    private final Mail mail;
    private final Incarnations incarnations = new Incarnations();
    private final OwnedSlots slots;
    private final Fronts fronts;
    private final ClaimTimers timers = new ClaimTimers();
    private final Evictions evictions;
    private final WillDesk wills;

    private int claims;
    private long willBytes;
    private long opens;
    private long takeovers;
    private long refused;
    private long voids;
    private long forged;
    private long adopted;

    public ClaimOwner(Incarnation self, ClaimSettings settings, ClaimOutlet outlet, Mail mail) {
        this.self = self;
        this.settings = settings;
        this.outlet = outlet;
        this.mail = mail;
        this.fronts = new Fronts(self, settings);
        this.slots = new OwnedSlots(settings, mail, fronts);
        this.evictions = new Evictions(settings, mail);
        this.wills = new WillDesk(outlet, settings);
    }

    // ---- Slots come and go

    /**
     * This node owns a slot from now on.
     *
     * @param data what its copy had; passes to this call
     * @param complete whether that is everything there was
     */
    public void own(int number, Slot assigned, SlotClaims data, boolean complete, long nowNanos) {
        var slot = slots.add(number, assigned.epoch(), data, complete, nowNanos);
        slot.copyTo(assigned);
        for (var claim : data.claims.values()) {
            claim.mentioned = 0;
            counted(claim, 1);
            timers.add(claim);
            meet(claim, nowNanos);
            if (fronts.isEnded(claim.front)) {
                frontEnded(slot, claim, nowNanos);
            }
        }
        for (var will : data.dueWills.values().toArray(DueWill[]::new)) {
            resume(slot, will, nowNanos);
        }
        slots.touch(slot, nowNanos);
    }

    /** Others have copies of a slot from now on. */
    public void copyTo(int number, Slot assigned, long nowNanos) {
        slots.find(number).ifPresent(slot -> {
            slot.copyTo(assigned);
            slots.touch(slot, nowNanos);
        });
    }

    /** This node does not own a slot any more, if it did; what it knew is the caller's. Nothing more is done for it. */
    public Optional<SlotClaims> disown(int number) {
        var slot = slots.find(number);
        if (slot.isEmpty()) {
            return Optional.empty();
        }
        slots.remove(slot.get());
        slot.get().data().claims.values().forEach(this::discard);
        return Optional.of(slot.get().data());
    }

    /** Whether a copy has everything, and every change waits for it from now on. */
    public boolean isComplete(int number, Incarnation holder) {
        return slots.find(number)
                .filter(slot -> !slot.isReplaced())
                .flatMap(slot -> slot.copyAt(holder))
                .filter(CopyStream::isFilled)
                .isPresent();
    }

    /** What was published of the wills of a slot that another one owned before is published again, with the same identity. */
    private void resume(OwnedSlot slot, DueWill will, long nowNanos) {
        if (will.awaited().isPresent() && !fronts.isEnded(will.awaited().get())) {
            evict(slot, will.awaited().get(), will.clientId(), will.token(), will.number(), true, nowNanos);
        } else {
            publish(slot, will.decided());
        }
    }

    // ---- Fronts come and go

    /** Another view of who is alive: who is not has lost its clients. */
    public void onView(MembershipView view, long nowNanos) {
        fronts.onView(view).forEach(front -> ended(front, nowNanos));
        slots.frontsChanged(nowNanos);
    }

    private void ended(Incarnation front, long nowNanos) {
        slots.forEach(nowNanos, slot -> {
            slot.frontGone(front);
            for (var claim : slot.data().claims.values()) {
                if (claim.front.equals(front)) {
                    frontEnded(slot, claim, nowNanos);
                }
            }
        });
        evictions.endAllAt(front).forEach(eviction -> decide(eviction, Ending.LOST, nowNanos));
    }

    private void meet(Claim claim, long nowNanos) {
        fronts.meet(claim.front, nowNanos);
        if (claim.home != null) {
            fronts.meet(claim.home, nowNanos);
        }
    }

    /** The connection of a client is lost with its front, and the session unless it is at home somewhere. */
    private void frontEnded(OwnedSlot slot, Claim claim, long nowNanos) {
        if (claim.isConnected()) {
            end(slot, claim, Ending.LOST, claim.expirySeconds, nowNanos);
        }
    }

    /** The connection and the session of a client are over. */
    private void lost(OwnedSlot slot, Claim claim) {
        dueNow(slot, claim);
        forget(slot, claim);
    }

    // ---- Opens

    /** A client wants to connect. */
    public void onOpen(Incarnation from, ClaimMessage.Open open, long nowNanos) {
        var slot = current(SlotHash.ofClient(open.clientId()), open.epoch(), nowNanos);
        if (slot == null || slot.isGathering() || fronts.isEnded(from) || evictions.contains(from, open.token())) {
            voids++;
            return;
        }
        var known = slot.data().claims.find(open.clientId());
        if (known != null && known.front.equals(from) && known.token == open.token()) {
            if (slot.isCovered()) { // Else the answer is on its way.
                grant(slot, known);
            }
            return;
        }
        if (known != null && isReturning(slot, known)) {
            voids++; // Asked again soon.
            return;
        }
        if (isFull(slot, known, open)) {
            refused++;
            mail.say(from, new ClaimMessage.Refused(open.epoch(), open.clientId(), open.token()));
            return;
        }
        opens++;
        var claim = new Claim(open.clientId(), incarnations.same(from));
        claim.numberEpoch = slot.epoch();
        claim.numberCounter = slot.nextGrant();
        claim.token = open.token();
        claim.expirySeconds = open.expirySeconds();
        claim.will = open.will().orElse(null);
        claim.inherits = !open.cleanStart();
        if (known != null && overtake(slot, known, claim.number(), open, nowNanos)) {
            claim.continued = true;
            claim.inherits = known.inherits;
            claim.home = known.home;
        } else if (open.expirySeconds() > 0) {
            claim.home = incarnations.same(self);
        }
        meet(claim, nowNanos);
        counted(claim, 1);
        slot.put(claim);
        grant(slot, claim);
        slots.touch(slot, nowNanos);
    }

    private void grant(OwnedSlot slot, Claim claim) {
        var granted = new ClaimMessage.Granted(
                slot.epoch(),
                claim.clientId,
                claim.token,
                claim.number(),
                claim.continued,
                Optional.ofNullable(claim.home));
        var front = claim.front;
        slot.afterwards(() -> mail.say(front, granted));
    }

    private boolean isFull(OwnedSlot slot, @Nullable Claim known, ClaimMessage.Open open) {
        var size = open.will().map(will -> will.message().sizeBytes()).orElse(0);
        return slot.heldCount() >= settings.heldMax()
                || (known == null && claims >= settings.claimsMax())
                || size > settings.willSizeMax()
                || willBytes + size > settings.willBytesMax();
    }

    /** Whether the home of a session has started again, and has yet to tell whether it still has the session. */
    private boolean isReturning(OwnedSlot slot, Claim known) {
        if (known.home == null || !fronts.isEnded(known.home)) {
            return false;
        }
        return fronts.alive(known.home.place())
                .filter(now -> !slot.hasAnnounced(now))
                .isPresent();
    }

    /**
     * Somebody connects with the identifier of a client that is known.
     *
     * @param number of the connection that opens
     * @return whether the session goes on
     */
    private boolean overtake(
            OwnedSlot slot, Claim known, ConnectionNumber number, ClaimMessage.Open open, long nowNanos) {
        var wasConnected = known.isConnected();
        var continues = known.home != null
                && !fronts.isEnded(known.home)
                && !open.cleanStart() // [MQTT-3.1.2-4]
                && (wasConnected ? known.expirySeconds > 0 : !known.isExpired(nowNanos));
        timers.remove(known);
        if (wasConnected) {
            takeovers++;
            // The will of a session that goes on waits for its delay, and the client is back before. [MQTT-3.1.3-9]
            if (known.will != null && (!continues || known.will.delaySeconds() == 0)) {
                due(slot, known, Optional.of(known.front));
            }
            evictAfterwards(slot, known, nowNanos);
        } else if (!continues || known.isWillDue(nowNanos)) {
            dueNow(slot, known);
        }
        if (!continues && known.home != null) {
            supersede(slot, known.home, known.clientId, number, Optional.empty());
        }
        counted(known, -1);
        return continues;
    }

    private void supersede(
            OwnedSlot slot, Incarnation home, String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
        var superseded = new ClaimMessage.Superseded(slot.epoch(), clientId, number, heir);
        slot.afterwards(() -> mail.say(home, superseded));
    }

    // ---- Ends

    /** A connection ended, or was given up. */
    public void onClose(Incarnation from, ClaimMessage.Close close, long nowNanos) {
        var slot = current(SlotHash.ofClient(close.clientId()), close.epoch(), nowNanos);
        if (slot == null) {
            voids++;
            return;
        }
        var claim = slot.data().claims.find(close.clientId());
        if (claim == null || !claim.front.equals(from) || claim.token != close.token()) {
            if (slot.hasAnnounced(from)) {
                closed(slot, from, close, ConnectionNumber.NONE);
            } else {
                voids++; // It may be about to be announced.
            }
            return;
        }
        if (close.ending() != Ending.NEVER_OPENED && !claim.hasNumber(close.number())) {
            forged++;
            return;
        }
        if (claim.isConnected()) {
            end(slot, claim, close.ending(), close.expirySeconds(), nowNanos);
        }
        closed(slot, from, close, claim.number());
        slots.touch(slot, nowNanos);
    }

    private void end(OwnedSlot slot, Claim claim, Ending ending, long expirySeconds, long nowNanos) {
        if (ending != Ending.LOST) {
            setWill(claim, null); // [MQTT-3.14.4-3] [MQTT3-3.14.4-3]
        }
        var sessionEnds =
                ending == Ending.NEVER_OPENED ? !claim.continued || claim.expirySeconds == 0 : expirySeconds == 0;
        if (sessionEnds || !claim.isDurable()) { // [MQTT3-3.1.2-8]
            lost(slot, claim); // [MQTT-3.1.2-8]
            return;
        }
        if (ending != Ending.NEVER_OPENED) {
            claim.expirySeconds = expirySeconds;
        }
        claim.away = new Claim.Away(nowNanos);
        if (claim.isWillDue(nowNanos)) {
            dueNow(slot, claim);
        }
        slot.changed(claim);
        timers.add(claim);
    }

    private void closed(OwnedSlot slot, Incarnation to, ClaimMessage.Close close, ConnectionNumber number) {
        var closed = new ClaimMessage.Closed(slot.epoch(), close.clientId(), close.token(), number);
        slot.afterwards(() -> mail.say(to, closed));
    }

    /** A front has ended a connection that was overtaken. */
    public void onEvicted(Incarnation from, ClaimMessage.Evicted evicted, long nowNanos) {
        evictions.end(from, evicted.token()).ifPresent(eviction -> decide(eviction, evicted.ending(), nowNanos));
    }

    /** A session that is at home somewhere does not end with a connection that is overtaken. */
    private void evictAfterwards(OwnedSlot slot, Claim claim, long nowNanos) {
        var front = claim.front;
        var token = claim.token;
        var number = claim.number();
        var sessionEnds = !claim.isDurable();
        slot.afterwards(() -> evict(slot, front, claim.clientId, token, number, sessionEnds, nowNanos));
    }

    private void evict(
            OwnedSlot slot,
            Incarnation front,
            String clientId,
            long token,
            ConnectionNumber number,
            boolean sessionEnds,
            long nowNanos) {
        var eviction = new Eviction(
                front, slot.number(), slot.epoch(), clientId, token, number, sessionEnds, nowNanos, nowNanos);
        if (fronts.isEnded(front)) {
            decide(eviction, Ending.LOST, nowNanos);
        } else {
            evictions.say(eviction).ifPresent(oldest -> decide(oldest, Ending.LOST, nowNanos));
        }
    }

    /** How the connection ended is known, or given up to be: so is whether there is a will to publish. */
    private void decide(Eviction eviction, Ending ending, long nowNanos) {
        var slot = slots.find(eviction.slot()).filter(owned -> owned.epoch() == eviction.epoch());
        var key = new WillKey(eviction.clientId(), eviction.number());
        var will = slot.map(owned -> owned.data().dueWills.get(key));
        if (slot.isEmpty() || will.isEmpty() || will.get().awaited().isEmpty()) {
            return;
        }
        if (ending == Ending.LOST) {
            publish(slot.get(), will.get().decided());
        } else {
            slot.get().removeWill(key); // [MQTT-3.14.4-3]
        }
        slots.touch(slot.get(), nowNanos);
    }

    // ---- Announcements

    /** A front tells what it has, since this node became the owner. */
    public void onAnnounce(Incarnation from, ClaimMessage.Announce announce, long nowNanos) {
        var slot = current(announce.slot(), announce.epoch(), nowNanos);
        if (slot == null || fronts.isEnded(from)) {
            voids++;
            return;
        }
        if (!slot.hasAnnounced(from)) {
            for (var claimed : announce.claims()) {
                if (SlotHash.ofClient(claimed.clientId()) != slot.number()) {
                    forged++;
                } else if (claimed.isOfHome()
                        && claimed.home().filter(from::equals).isPresent()) {
                    onSessionAnnounced(slot, from, claimed, nowNanos);
                } else if (!claimed.isOfHome() && claimed.front().equals(from)) {
                    onAnnounced(slot, claimed, nowNanos);
                } else {
                    forged++;
                }
            }
            if (announce.last()) {
                announcedAll(slot, from, nowNanos);
                slots.announced(slot, from);
            }
        }
        var noted = new ClaimMessage.Announced(slot.epoch(), slot.number(), announce.part());
        slot.afterwards(() -> mail.say(from, noted));
        slots.touch(slot, nowNanos);
    }

    /** A home has the session of a client. */
    private void onSessionAnnounced(OwnedSlot slot, Incarnation home, ClaimRecord claimed, long nowNanos) {
        var known = slot.data().claims.find(claimed.clientId());
        if (known != null && known.home != null && known.home.place().equals(home.place())) {
            known.home = incarnations.same(home); // It may have crashed before it wrote the last connection down.
            slot.changed(known);
        } else if (slot.adoptsFrom(home) && (known == null || claimed.number().compareTo(known.number()) > 0)) {
            if (known != null) {
                discard(known);
                evictAfterwards(slot, known, nowNanos);
            }
            adopt(slot, claimed, nowNanos);
        } else if (known == null) {
            var never = new ConnectionNumber(slot.epoch(), slot.nextGrant());
            supersede(slot, home, claimed.clientId(), never, Optional.empty());
        } else {
            var heir = known.inherits ? Optional.ofNullable(known.home) : Optional.<Incarnation>empty();
            supersede(slot, home, claimed.clientId(), known.number(), heir);
        }
    }

    /** A front has a connection of a client. */
    private void onAnnounced(OwnedSlot slot, ClaimRecord claimed, long nowNanos) {
        var known = slot.data().claims.find(claimed.clientId());
        var from = claimed.front();
        if (known != null && known.hasNumber(claimed.number()) && known.front.equals(from)) {
            known.mentioned = (int) slot.epoch();
            known.token = claimed.token();
        } else if (known == null) {
            if (slot.adoptsFrom(from)) {
                adopt(slot, claimed, nowNanos);
            } else {
                evictAnnounced(slot, claimed, nowNanos);
            }
        } else if (known.front.equals(from)) {
            if (known.numberEpoch != slot.epoch()) { // The front knows best what it had before.
                discard(known);
                adopt(slot, claimed, nowNanos);
            }
        } else if (slot.adoptsFrom(from) && claimed.number().compareTo(known.number()) > 0) {
            discard(known);
            evictAfterwards(slot, known, nowNanos);
            adopt(slot, claimed, nowNanos);
        } else {
            evictAnnounced(slot, claimed, nowNanos);
        }
    }

    private void adopt(OwnedSlot slot, ClaimRecord claimed, long nowNanos) {
        adopted++;
        var claim = Claim.of(claimed, incarnations::same, nowNanos);
        if (claim.isConnected() && claimed.isOfHome() && isOver(slot, claim.front)) {
            claim.away = new Claim.Away(nowNanos);
        }
        meet(claim, nowNanos);
        counted(claim, 1);
        slot.put(claim);
        timers.add(claim);
    }

    /** Whether the connection that only a home knows of has ended, since its front has, or did not mention it. */
    private boolean isOver(OwnedSlot slot, Incarnation front) {
        return fronts.isEnded(front) || slot.hasAnnounced(front);
    }

    private void evictAnnounced(OwnedSlot slot, ClaimRecord claimed, long nowNanos) {
        var sessionEnds = claimed.home().isEmpty();
        evict(slot, claimed.front(), claimed.clientId(), claimed.token(), claimed.number(), sessionEnds, nowNanos);
    }

    /** What a node has not mentioned it does not have. */
    private void announcedAll(OwnedSlot slot, Incarnation node, long nowNanos) {
        for (var claim : slot.data().claims.values()) {
            if (claim.isConnected()) {
                if (claim.front.equals(node)
                        && claim.numberEpoch != slot.epoch()
                        && claim.mentioned != (int) slot.epoch()) {
                    var ending = claim.token == ClaimRecord.NO_TOKEN ? Ending.LOST : Ending.NEVER_OPENED;
                    end(slot, claim, ending, claim.expirySeconds, nowNanos);
                }
            } else if (claim.home != null && claim.home.isEarlierStartOf(node)) {
                lost(slot, claim); // It has started again without the session.
            }
        }
    }

    // ---- Copies

    /** A copy has noted something. */
    public void onCopyMark(Incarnation from, ClaimMessage.CopyMark mark, long nowNanos) {
        var slot = current(mark.slot(), mark.epoch(), nowNanos);
        if (slot != null) {
            slot.copyAt(from).ifPresent(copy -> copy.onMark(mark.stream(), mark.mark(), nowNanos));
            slot.release();
            slots.touch(slot, nowNanos);
            slots.fill(nowNanos);
        }
    }

    /** Somebody else is the owner. */
    public void onCopyRefused(ClaimMessage.CopyRefused refusal) {
        slots.find(refusal.slot())
                .filter(slot -> slot.epoch() < refusal.epoch())
                .ifPresent(OwnedSlot::replaced);
    }

    // ---- Wills

    /** The end of {@link ClaimOutlet#publishWill}; {@code accepted} is false if there was no room for it. */
    public void onWillPublished(DueWill will, boolean accepted, long nowNanos) {
        var key = WillKey.of(will);
        if (wills.onPublished(key, accepted, nowNanos)) {
            slots.find(SlotHash.ofClient(will.clientId())).ifPresent(slot -> {
                slot.nowNanos(nowNanos);
                slot.removeWill(key);
                tellHome(slot, key);
                slots.touch(slot, nowNanos);
            });
        }
    }

    /** The home keeps the will until it is published, in case everybody else forgets it. */
    private void tellHome(OwnedSlot slot, WillKey key) {
        var claim = slot.data().claims.find(key.clientId());
        if (claim != null && claim.home != null) {
            var home = claim.home;
            var done = new ClaimMessage.WillDone(slot.epoch(), key.clientId(), key.number());
            slot.afterwards(() -> mail.say(home, done));
        }
    }

    private void dueNow(OwnedSlot slot, Claim claim) { // [MQTT3-3.1.2-12]
        if (claim.will != null) {
            due(slot, claim, Optional.empty());
        }
    }

    /** The time of a will has come: it is stamped, and leaves its claim. [MQTT-3.1.2-10] [MQTT3-3.1.2-10] */
    private void due(OwnedSlot slot, Claim claim, Optional<Incarnation> awaited) {
        if (claim.will == null) {
            return;
        }
        var due = new DueWill(claim.clientId, claim.number(), claim.token, outlet.stamp(), claim.will, awaited);
        setWill(claim, null);
        if (awaited.isPresent()) {
            slot.putWill(due);
        } else {
            publish(slot, due);
        }
    }

    private void publish(OwnedSlot slot, DueWill will) {
        slot.putWill(will);
        slot.afterwards(() -> wills.publish(will));
    }

    private void setWill(Claim claim, @Nullable Will will) {
        willBytes -= claim.willBytes();
        claim.will = will;
        willBytes += claim.willBytes();
    }

    // ---- Time

    /** Does what is due. To be called at least every 10 ms or so. */
    public void tick(long nowNanos) {
        for (var claim = timers.poll(nowNanos); claim != null; claim = timers.poll(nowNanos)) {
            onTime(claim, nowNanos);
        }
        for (var eviction = evictions.pollOverdue(nowNanos);
                eviction.isPresent();
                eviction = evictions.pollOverdue(nowNanos)) {
            evictAgain(eviction.get(), nowNanos);
        }
        fronts.endStrangers(nowNanos).forEach(front -> ended(front, nowNanos));
        wills.tick(nowNanos);
        slots.tick(nowNanos);
    }

    private void onTime(Claim claim, long nowNanos) {
        var slot = slots.find(SlotHash.ofClient(claim.clientId)).orElseThrow();
        slot.nowNanos(nowNanos);
        var isOver = claim.isExpired(nowNanos);
        if (isOver) {
            lost(slot, claim); // [MQTT-3.1.2-8]
        } else {
            dueNow(slot, claim);
            slot.changed(claim);
            timers.add(claim);
        }
        slots.touch(slot, nowNanos);
    }

    private void evictAgain(Eviction eviction, long nowNanos) {
        var isCurrent = slots.find(eviction.slot())
                .filter(slot -> slot.epoch() == eviction.epoch() && !slot.isReplaced())
                .isPresent();
        if (!isCurrent) {
            return;
        }
        evictions.say(eviction.saidAgain(nowNanos)).ifPresent(oldest -> decide(oldest, Ending.LOST, nowNanos));
        if (nowNanos - eviction.sinceNanos() >= settings.unreachableAfter().toNanos()) {
            decide(
                    eviction,
                    Ending.LOST,
                    nowNanos); // A front that cannot answer for so long has given up its clients itself.
        }
    }

    // ---- Questions

    /** Whether this node owns a slot, and has heard everything there is to hear of it. */
    public boolean knows(int number) {
        return slots.find(number)
                .filter(slot -> !slot.isReplaced() && !slot.isGathering())
                .isPresent();
    }

    /** What is known of a client whose slot this node owns. */
    public Optional<ClaimRecord> find(String clientId, long nowNanos) {
        return slots.find(SlotHash.ofClient(clientId))
                .flatMap(slot -> Optional.ofNullable(slot.data().claims.find(clientId)))
                .map(claim -> claim.record(nowNanos));
    }

    /** What there is to measure. */
    public OwnerFigures figures() {
        return new OwnerFigures(
                slots.count(),
                claims,
                timers.size(),
                willBytes,
                slots.behind(),
                evictions.size(),
                wills.size(),
                opens,
                takeovers,
                refused,
                voids,
                forged,
                adopted,
                wills.published(),
                wills.dropped());
    }

    private @Nullable OwnedSlot current(int number, long epoch, long nowNanos) {
        var slot = slots.find(number).orElse(null);
        if (slot == null || slot.epoch() != epoch || slot.isReplaced()) {
            return null;
        }
        slot.nowNanos(nowNanos);
        return slot;
    }

    private void forget(OwnedSlot slot, Claim claim) {
        discard(claim);
        slot.remove(claim);
    }

    private void discard(Claim claim) {
        timers.remove(claim);
        counted(claim, -1);
    }

    private void counted(Claim claim, int change) {
        claims += change;
        willBytes += (long) change * claim.willBytes();
    }
}
