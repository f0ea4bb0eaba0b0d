package io.meridianmq.core.claim;

import io.meridianmq.core.claim.Evictions.Eviction;
import io.meridianmq.core.claim.SlotClaims.WillKey;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.SlotHash;
import java.util.Optional;

/**
 * How connections end, and sessions: by what their fronts say, with their fronts, since their time is over, or since others
 * overtake them. An {@linkplain Evictions evicted} connection is not waited for, but its will is. Belongs to {@link
 * ClaimOwner}.
 */
final class Endings {

    private final ClaimSettings settings;
    private final Mail mail;
    private final OwnedSlots slots;
    private final Fronts fronts;
    private final HeldClaims held;
    private final DueWills wills;
    private final Evictions evictions;

    Endings(ClaimSettings settings, Mail mail, OwnedSlots slots, Fronts fronts, HeldClaims held, DueWills wills) {
        this.settings = settings;
        this.mail = mail;
        this.slots = slots;
        this.fronts = fronts;
        this.held = held;
        this.wills = wills;
        this.evictions = new Evictions(settings, mail);
    }

    /** Connections whose fronts have not answered yet. */
    int evicting() {
        return evictions.size();
    }

    /** Whether this connection is being ended. */
    boolean isEvicting(Incarnation front, long token) {
        return evictions.contains(front, token);
    }

    /** The front has lost its clients. */
    void frontEnded(Incarnation front, long nowNanos) {
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

    /** The connection of a client is lost with its front, and the session unless it is at home somewhere. */
    void frontEnded(OwnedSlot slot, Claim claim, long nowNanos) {
        if (claim.isConnected()) {
            end(slot, claim, Ending.LOST, claim.expirySeconds(), nowNanos);
        }
    }

    /** The connection and the session of a client are over. */
    void lost(OwnedSlot slot, Claim claim) {
        wills.dueNow(slot, claim);
        forget(slot, claim);
    }

    /** The connection of a client ended, and its session with it unless that outlives it. */
    void end(OwnedSlot slot, Claim claim, Ending ending, long expirySeconds, long nowNanos) {
        if (ending != Ending.LOST) {
            held.will(claim, null); // [MQTT-3.14.4-3] [MQTT3-3.14.4-3]
        }
        var sessionEnds =
                ending == Ending.NEVER_OPENED ? !claim.continued || claim.expirySeconds() == 0 : expirySeconds == 0;
        if (sessionEnds || !claim.isDurable()) { // [MQTT3-3.1.2-8]
            lost(slot, claim); // [MQTT-3.1.2-8]
            return;
        }
        if (ending != Ending.NEVER_OPENED) {
            claim.expirySeconds(expirySeconds);
        }
        claim.away = new Claim.Away(nowNanos);
        if (claim.isWillDue(nowNanos)) {
            wills.dueNow(slot, claim);
        }
        slot.changed(claim);
        held.time(claim);
    }

    /**
     * Tells a home that its session of a client is over, since the client has begun anew.
     *
     * @param number of the connection that began anew
     * @param heir where the messages go that wait in the session
     */
    void supersede(
            OwnedSlot slot, Incarnation home, String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
        var superseded = new ClaimMessage.Superseded(slot.epoch(), clientId, number, heir);
        slot.afterwards(() -> mail.say(home, superseded));
    }

    /** A front has ended a connection that was overtaken. */
    void onEvicted(Incarnation from, ClaimMessage.Evicted evicted, long nowNanos) {
        evictions.end(from, evicted.token()).ifPresent(eviction -> decide(eviction, evicted.ending(), nowNanos));
    }

    /** A session that is at home somewhere does not end with a connection that is overtaken. */
    void evictAfterwards(OwnedSlot slot, Claim claim, long nowNanos) {
        var front = claim.front;
        var token = claim.token;
        var number = claim.number();
        var sessionEnds = !claim.isDurable();
        slot.afterwards(() -> evict(slot, front, claim.clientId, token, number, sessionEnds, nowNanos));
    }

    /** Has a front end a connection; its will, if it is due already, waits for the answer. */
    void evict(
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
            wills.publish(slot.get(), will.get().decided());
        } else {
            slot.get().removeWill(key); // [MQTT-3.14.4-3]
        }
        slots.touch(slot.get(), nowNanos);
    }

    /** Does what is due. */
    void tick(long nowNanos) {
        for (var claim = held.pollDue(nowNanos); claim != null; claim = held.pollDue(nowNanos)) {
            onTime(claim, nowNanos);
        }
        for (var eviction = evictions.pollOverdue(nowNanos);
                eviction.isPresent();
                eviction = evictions.pollOverdue(nowNanos)) {
            evictAgain(eviction.get(), nowNanos);
        }
    }

    private void onTime(Claim claim, long nowNanos) {
        var slot = slots.find(SlotHash.ofClient(claim.clientId)).orElseThrow();
        slot.nowNanos(nowNanos);
        if (claim.isExpired(nowNanos)) {
            lost(slot, claim); // [MQTT-3.1.2-8]
        } else {
            wills.dueNow(slot, claim);
            slot.changed(claim);
            held.time(claim);
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
            // A front that cannot answer for so long has given up its clients itself.
            decide(eviction, Ending.LOST, nowNanos);
        }
    }

    private void forget(OwnedSlot slot, Claim claim) {
        held.discard(claim);
        slot.remove(claim);
    }
}
