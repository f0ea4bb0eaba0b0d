package io.meridianmq.core.claim;

import io.meridianmq.core.claim.SlotClaims.WillKey;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.SlotHash;
import java.util.Optional;

/**
 * The wills of clients whose slots a node owns, from the time when they are due until they are published. Belongs to {@link
 * ClaimOwner}.
 */
final class DueWills {

    private final ClaimOutlet outlet;
    private final Mail mail;
    private final OwnedSlots slots;
    private final HeldClaims held;
    private final WillDesk desk;

    DueWills(ClaimSettings settings, ClaimOutlet outlet, Mail mail, OwnedSlots slots, HeldClaims held) {
        this.outlet = outlet;
        this.mail = mail;
        this.slots = slots;
        this.held = held;
        this.desk = new WillDesk(outlet, settings);
    }

    /** The time of the claim's will has come, if it has one. */
    void dueNow(OwnedSlot slot, Claim claim) { // [MQTT3-3.1.2-12]
        if (claim.will != null) {
            due(slot, claim, Optional.empty());
        }
    }

    /**
     * The time of a will has come: it is stamped, and leaves its claim. [MQTT-3.1.2-10] [MQTT3-3.1.2-10]
     *
     * @param awaited who is to say before whether the client had said goodbye
     */
    void due(OwnedSlot slot, Claim claim, Optional<Incarnation> awaited) {
        if (claim.will == null) {
            return;
        }
        var due = new DueWill(claim.clientId, claim.number(), claim.token, outlet.stamp(), claim.will, awaited);
        held.will(claim, null);
        if (awaited.isPresent()) {
            slot.putWill(due);
        } else {
            publish(slot, due);
        }
    }

    void publish(OwnedSlot slot, DueWill will) {
        slot.putWill(will);
        slot.afterwards(() -> desk.publish(will));
    }

    /** The end of {@link ClaimOutlet#publishWill}; {@code accepted} is false if there was no room for it. */
    void onPublished(DueWill will, boolean accepted, long nowNanos) {
        var key = WillKey.of(will);
        if (desk.onPublished(key, accepted, nowNanos)) {
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

    void tick(long nowNanos) {
        desk.tick(nowNanos);
    }

    /** Wills that are being published. */
    int size() {
        return desk.size();
    }

    long published() {
        return desk.published();
    }

    /** Wills that could not be published after many attempts. */
    long dropped() {
        return desk.dropped();
    }
}
