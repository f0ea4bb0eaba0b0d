package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.SlotHash;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The slots that a node owns, and what is to be done for them in time: copies are told, fronts are asked what they have.
 * Only slots that something is to be done for are looked at. Belongs to {@link ClaimOwner}.
 */
final class OwnedSlots {

    /** How often slots are gone through for what took too long; all else happens when it can. */
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

    private static final long ASK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    private final ClaimSettings settings;
    private final Mail mail;
    private final Fronts fronts;

    private final @Nullable OwnedSlot[] slots = new @Nullable OwnedSlot[SlotHash.COUNT];
    private final Set<OwnedSlot> gathering = new LinkedHashSet<>();
    private final Set<OwnedSlot> unannounced = new LinkedHashSet<>();
    private final Set<OwnedSlot> busy = new LinkedHashSet<>();

    private final Set<CopyStream> filling = new LinkedHashSet<>();
    private final Queue<CopyStream> toFill = new ArrayDeque<>();
    private int count;
    private long lookedNanos;
    private long askedNanos;

    OwnedSlots(ClaimSettings settings, Mail mail, Fronts fronts) {
        this.settings = settings;
        this.mail = mail;
        this.fronts = fronts;
    }

    int count() {
        return count;
    }

    /** Slots whose copies have not noted everything. */
    int behind() {
        return busy.size();
    }

    Optional<OwnedSlot> find(int number) {
        return Optional.ofNullable(slots[number]);
    }

    /** The slot if it is owned in this epoch, and still is, else null. */
    @Nullable
    OwnedSlot current(int number, long epoch, long nowNanos) {
        var slot = slots[number];
        if (slot == null || slot.epoch() != epoch || slot.isReplaced()) {
            return null;
        }
        slot.nowNanos(nowNanos);
        return slot;
    }

    void forEach(long nowNanos, Consumer<OwnedSlot> visitor) {
        for (var slot : slots) {
            if (slot != null) {
                slot.nowNanos(nowNanos);
                visitor.accept(slot);
                touch(slot, nowNanos);
            }
        }
    }

    OwnedSlot add(int number, long epoch, SlotClaims data, boolean complete, long nowNanos) {
        var slot = new OwnedSlot(number, epoch, data, !complete, settings, mail, nowNanos);
        slots[number] = slot;
        count++;
        unannounced.add(slot);
        if (slot.isGathering()) {
            gathering.add(slot);
        }
        return slot;
    }

    void remove(OwnedSlot slot) {
        slots[slot.number()] = null;
        count--;
        slot.replaced();
        gathering.remove(slot);
        unannounced.remove(slot);
        busy.remove(slot);
        filling.removeAll(slot.copies());
    }

    /** Something has happened to a slot: sends what is to be sent. */
    void touch(OwnedSlot slot, long nowNanos) {
        if (slot.isReplaced()) {
            busy.remove(slot);
            return;
        }
        slot.nowNanos(nowNanos);
        var quiet = true;
        for (var copy : slot.copies()) {
            if (copy.isFilling() && copy.asksToFill()) {
                toFill.add(copy);
            }
            copy.pump(nowNanos);
            quiet &= copy.isQuiet();
        }
        if (quiet) {
            busy.remove(slot);
        } else {
            busy.add(slot);
        }
    }

    /** A front has announced everything in a slot. */
    void announced(OwnedSlot slot, Incarnation front) {
        slot.announced(front);
        if (slot.hasAnnounced(fronts.alive())) {
            unannounced.remove(slot);
        }
        slot.checkGathered(fronts.alive());
        if (!slot.isGathering()) {
            gathering.remove(slot);
        }
    }

    /** Other fronts are alive than before. */
    void frontsChanged(long nowNanos) {
        forEach(nowNanos, slot -> {
            if (!slot.hasAnnounced(fronts.alive())) {
                unannounced.add(slot);
            }
        });
    }

    void tick(long nowNanos) {
        fill(nowNanos);
        if (nowNanos - lookedNanos >= LOOK_EVERY_NANOS) {
            lookedNanos = nowNanos;
            look(nowNanos);
        }
        if (nowNanos - askedNanos >= ASK_EVERY_NANOS) {
            askedNanos = nowNanos;
            ask();
        }
    }

    private void look(long nowNanos) {
        gathering.removeIf(slot -> {
            slot.nowNanos(nowNanos);
            slot.checkGathered(fronts.alive());
            return !slot.isGathering();
        });
        for (var slot : busy.toArray(OwnedSlot[]::new)) {
            touch(slot, nowNanos);
            slot.release();
        }
    }

    /** Gives those their turn to be filled for whom there is room. */
    void fill(long nowNanos) {
        filling.removeIf(copy -> !copy.isFilling() || !isWanted(copy));
        while (filling.size() < settings.fillsMax() && !toFill.isEmpty()) {
            var copy = toFill.remove();
            if (isWanted(copy)) {
                copy.allowFill();
                filling.add(copy);
                touch(copy.slot(), nowNanos);
            }
        }
    }

    /** Whether a copy is still to be there. */
    private static boolean isWanted(CopyStream copy) {
        return !copy.slot().isReplaced() && copy.slot().copies().contains(copy);
    }

    private void ask() {
        for (var slot : unannounced) {
            for (var front : fronts.alive()) {
                if (!slot.isReplaced() && !slot.hasAnnounced(front)) {
                    mail.say(front, new ClaimMessage.AskAnnouncement(slot.epoch(), slot.number()));
                }
            }
        }
    }
}
