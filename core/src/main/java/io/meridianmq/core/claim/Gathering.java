package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimMessage.Ending;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.SlotHash;
import java.util.Optional;

/**
 * What a new owner of a slot hears from the fronts and the homes of clients, who know best what there was before it: their
 * connections and sessions are adopted, unless there are later ones of the same clients. Belongs to {@link ClaimOwner}.
 */
final class Gathering {

    private final Mail mail;
    private final Incarnations incarnations;
    private final OwnedSlots slots;
    private final Fronts fronts;
    private final HeldClaims held;
    private final Endings endings;
    private long voids;
    private long forged;
    private long adopted;

    Gathering(Mail mail, Incarnations incarnations, OwnedSlots slots, Fronts fronts, HeldClaims held, Endings endings) {
        this.mail = mail;
        this.incarnations = incarnations;
        this.slots = slots;
        this.fronts = fronts;
        this.held = held;
        this.endings = endings;
    }

    /** Announcements for another owner. */
    long voids() {
        return voids;
    }

    /** Claims that are not what the node that announced them can have. */
    long forged() {
        return forged;
    }

    long adopted() {
        return adopted;
    }

    /** A front tells what it has, since this node became the owner. */
    void onAnnounce(Incarnation from, ClaimMessage.Announce announce, long nowNanos) {
        var slot = slots.current(announce.slot(), announce.epoch(), nowNanos);
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
                held.discard(known);
                endings.evictAfterwards(slot, known, nowNanos);
            }
            adopt(slot, claimed, nowNanos);
        } else if (known == null) {
            var never = new ConnectionNumber(slot.epoch(), slot.nextGrant());
            endings.supersede(slot, home, claimed.clientId(), never, Optional.empty());
        } else {
            var heir = known.inherits ? Optional.ofNullable(known.home) : Optional.<Incarnation>empty();
            endings.supersede(slot, home, claimed.clientId(), known.number(), heir);
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
                held.discard(known);
                adopt(slot, claimed, nowNanos);
            }
        } else if (slot.adoptsFrom(from) && claimed.number().compareTo(known.number()) > 0) {
            held.discard(known);
            endings.evictAfterwards(slot, known, nowNanos);
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
        held.add(claim, nowNanos);
        slot.put(claim);
    }

    /** Whether the connection that only a home knows of has ended, since its front has, or did not mention it. */
    private boolean isOver(OwnedSlot slot, Incarnation front) {
        return fronts.isEnded(front) || slot.hasAnnounced(front);
    }

    private void evictAnnounced(OwnedSlot slot, ClaimRecord claimed, long nowNanos) {
        var sessionEnds = claimed.home().isEmpty();
        endings.evict(
                slot, claimed.front(), claimed.clientId(), claimed.token(), claimed.number(), sessionEnds, nowNanos);
    }

    /** What a node has not mentioned it does not have. */
    private void announcedAll(OwnedSlot slot, Incarnation node, long nowNanos) {
        for (var claim : slot.data().claims.values()) {
            if (claim.isConnected()) {
                if (claim.front.equals(node)
                        && claim.numberEpoch != slot.epoch()
                        && claim.mentioned != (int) slot.epoch()) {
                    var ending = claim.token == ClaimRecord.NO_TOKEN ? Ending.LOST : Ending.NEVER_OPENED;
                    endings.end(slot, claim, ending, claim.expirySeconds(), nowNanos);
                }
            } else if (claim.home != null && claim.home.isEarlierStartOf(node)) {
                endings.lost(slot, claim); // It has started again without the session.
            }
        }
    }
}
