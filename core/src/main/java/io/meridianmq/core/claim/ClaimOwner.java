package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
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
    private final Mail mail;
    private final Incarnations incarnations = new Incarnations();
    private final OwnedSlots slots;
    private final Fronts fronts;
    private final HeldClaims held;
    private final DueWills wills;
    private final Endings endings;
    private final Gathering gathering;

    private long opens;
    private long takeovers;
    private long refused;
    private long voids;
    private long forged;

    public ClaimOwner(Incarnation self, ClaimSettings settings, ClaimOutlet outlet, Mail mail) {
        this.self = self;
        this.settings = settings;
        this.mail = mail;
        this.fronts = new Fronts(self, settings);
        this.slots = new OwnedSlots(settings, mail, fronts);
        this.held = new HeldClaims(fronts);
        this.wills = new DueWills(settings, outlet, mail, slots, held);
        this.endings = new Endings(settings, mail, slots, fronts, held, wills);
        this.gathering = new Gathering(mail, incarnations, slots, fronts, held, endings);
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
            held.add(claim, nowNanos);
            if (fronts.isEnded(claim.front)) {
                endings.frontEnded(slot, claim, nowNanos);
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
        slot.get().data().claims.values().forEach(held::discard);
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
            endings.evict(slot, will.awaited().get(), will.clientId(), will.token(), will.number(), true, nowNanos);
        } else {
            wills.publish(slot, will.decided());
        }
    }

    // ---- Fronts come and go

    /** Another view of who is alive: who is not has lost its clients. */
    public void onView(MembershipView view, long nowNanos) {
        fronts.onView(view).forEach(front -> endings.frontEnded(front, nowNanos));
        slots.frontsChanged(nowNanos);
    }

    // ---- Opens

    /** A client wants to connect. */
    public void onOpen(Incarnation from, ClaimMessage.Open open, long nowNanos) {
        var slot = slots.current(SlotHash.ofClient(open.clientId()), open.epoch(), nowNanos);
        if (slot == null || slot.isGathering() || fronts.isEnded(from) || endings.isEvicting(from, open.token())) {
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
        claim.expirySeconds(open.expirySeconds());
        claim.will = open.will().orElse(null);
        claim.inherits = !open.cleanStart();
        if (known != null && overtake(slot, known, claim.number(), open, nowNanos)) {
            claim.continued = true;
            claim.inherits = known.inherits;
            claim.home = known.home;
        } else if (open.expirySeconds() > 0) {
            claim.home = incarnations.same(self);
        }
        held.add(claim, nowNanos);
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
                || (known == null && held.count() >= settings.claimsMax())
                || size > settings.willSizeMax()
                || held.willBytes() + size > settings.willBytesMax();
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
                && (wasConnected ? known.expirySeconds() > 0 : !known.isExpired(nowNanos));
        if (wasConnected) {
            takeovers++;
            // The will of a session that goes on waits for its delay, and the client is back before. [MQTT-3.1.3-9]
            if (known.will != null && (!continues || known.will.delaySeconds() == 0)) {
                wills.due(slot, known, Optional.of(known.front));
            }
            endings.evictAfterwards(slot, known, nowNanos);
        } else if (!continues || known.isWillDue(nowNanos)) {
            wills.dueNow(slot, known);
        }
        if (!continues && known.home != null) {
            endings.supersede(slot, known.home, known.clientId, number, Optional.empty());
        }
        held.discard(known);
        return continues;
    }

    // ---- Ends

    /** A connection ended, or was given up. */
    public void onClose(Incarnation from, ClaimMessage.Close close, long nowNanos) {
        var slot = slots.current(SlotHash.ofClient(close.clientId()), close.epoch(), nowNanos);
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
            endings.end(slot, claim, close.ending(), close.expirySeconds(), nowNanos);
        }
        closed(slot, from, close, claim.number());
        slots.touch(slot, nowNanos);
    }

    private void closed(OwnedSlot slot, Incarnation to, ClaimMessage.Close close, ConnectionNumber number) {
        var closed = new ClaimMessage.Closed(slot.epoch(), close.clientId(), close.token(), number);
        slot.afterwards(() -> mail.say(to, closed));
    }

    /** A front has ended a connection that was overtaken. */
    public void onEvicted(Incarnation from, ClaimMessage.Evicted evicted, long nowNanos) {
        endings.onEvicted(from, evicted, nowNanos);
    }

    // ---- Announcements

    /** A front tells what it has, since this node became the owner. */
    public void onAnnounce(Incarnation from, ClaimMessage.Announce announce, long nowNanos) {
        gathering.onAnnounce(from, announce, nowNanos);
    }

    // ---- Copies

    /** A copy has noted something. */
    public void onCopyMark(Incarnation from, ClaimMessage.CopyMark mark, long nowNanos) {
        var slot = slots.current(mark.slot(), mark.epoch(), nowNanos);
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
        wills.onPublished(will, accepted, nowNanos);
    }

    // ---- Time

    /** Does what is due. To be called at least every 10 ms or so. */
    public void tick(long nowNanos) {
        endings.tick(nowNanos);
        fronts.endStrangers(nowNanos).forEach(front -> endings.frontEnded(front, nowNanos));
        wills.tick(nowNanos);
        slots.tick(nowNanos);
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
                held.count(),
                held.timed(),
                held.willBytes(),
                slots.behind(),
                endings.evicting(),
                wills.size(),
                opens,
                takeovers,
                refused,
                voids + gathering.voids(),
                forged + gathering.forged(),
                gathering.adopted(),
                wills.published(),
                wills.dropped());
    }
}
