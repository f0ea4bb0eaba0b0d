package io.meridianmq.core.mesh;

import io.meridianmq.core.claim.Mail;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * When a node last heard of those that it depends on: the owners of slots, and the standbys of its own. Asks those who
 * have been silent for a second. Belongs to {@link NodeClaims}.
 */
final class HeardOf {

    private static final long SILENT_NANOS = Duration.ofSeconds(1).toNanos();

    private final Incarnation self;
    private final Mail mail;
    private final Map<Incarnation, Long> heardNanos = new HashMap<>();

    HeardOf(Incarnation self, Mail mail) {
        this.self = self;
        this.mail = mail;
    }

    /** Depends on others from now on; those are given the benefit of the doubt. */
    void dependOn(SlotTable table, long nowNanos) {
        var needed = new HashSet<Incarnation>();
        table.slots().forEach(slot -> addNeeded(slot, needed));
        heardNanos.keySet().retainAll(needed);
        needed.forEach(node -> heardNanos.putIfAbsent(node, nowNanos));
    }

    void heard(Incarnation node, long nowNanos) {
        heardNanos.replace(node, nowNanos);
    }

    long heardNanos(Incarnation node) {
        return heardNanos.getOrDefault(node, Long.MIN_VALUE);
    }

    void askTheSilent(long nowNanos) {
        heardNanos.forEach((node, at) -> {
            if (nowNanos - at >= SILENT_NANOS) {
                mail.say(node, new ClaimMessage.Ping());
            }
        });
    }

    private void addNeeded(Slot slot, Set<Incarnation> needed) {
        slot.owner().ifPresent(owner -> {
            if (!owner.equals(self)) {
                needed.add(owner);
            } else {
                slot.standby().ifPresent(needed::add);
            }
        });
    }
}
