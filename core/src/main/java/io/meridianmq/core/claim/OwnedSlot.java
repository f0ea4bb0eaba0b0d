package io.meridianmq.core.claim;

import io.meridianmq.core.claim.SlotClaims.WillKey;
import io.meridianmq.core.link.CopyEntry;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One slot at its owner, for as long as it owns it: what is known, the copies of it, and the effects that wait for them.
 *
 * <p>Every change raises the version. An effect is carried out when each copy that is {@linkplain CopyStream#isRequired
 * required} covers the version at which it was asked for; so an owner that was replaced without knowing can bring nothing
 * about, and what has been brought about is known to whoever takes over. Belongs to {@link ClaimOwner}.
 */
final class OwnedSlot {

    private final int number;
    private final long epoch;
    private final SlotClaims data;
    private final boolean adopts;
    private final ClaimSettings settings;
    private final Mail mail;

    /** By front, whether its announcement is current; it is not any more if the front was gone in between. */
    private final Map<Incarnation, Boolean> announced = new HashMap<>(4);

    private final List<CopyStream> copies = new ArrayList<>(1);
    private final Deque<Held> held = new ArrayDeque<>(0);
    private Optional<Incarnation> standby = Optional.empty();
    private long version = 1;
    private long streams;
    private long grants;
    private long nowNanos;
    private final long sinceNanos;
    private boolean gathering;
    private boolean replaced;

    private record Held(long version, Runnable effect) {}

    /** @param adopts whether fronts may know of connections that the data lacks */
    OwnedSlot(
            int number, long epoch, SlotClaims data, boolean adopts, ClaimSettings settings, Mail mail, long nowNanos) {
        this.number = number;
        this.epoch = epoch;
        this.data = data;
        this.adopts = adopts;
        this.gathering = adopts;
        this.settings = settings;
        this.mail = mail;
        this.sinceNanos = nowNanos;
        this.nowNanos = nowNanos;
    }

    int number() {
        return number;
    }

    long epoch() {
        return epoch;
    }

    long version() {
        return version;
    }

    SlotClaims data() {
        return data;
    }

    long nowNanos() {
        return nowNanos;
    }

    void nowNanos(long now) {
        nowNanos = now;
    }

    /** Takes over who is to have copies. */
    void copyTo(Slot assigned) {
        standby = assigned.standby();
        copies.removeIf(copy -> !assigned.isCopiedTo(copy.holder()));
        assigned.standby().ifPresent(holder -> copyTo(holder, true));
        assigned.joining().ifPresent(holder -> copyTo(holder, false));
    }

    private void copyTo(Incarnation holder, boolean asStandby) {
        for (var copy : copies) {
            if (copy.holder().equals(holder)) {
                if (asStandby) {
                    copy.becomesStandby();
                }
                return;
            }
        }
        copies.add(new CopyStream(this, holder, asStandby, settings, mail));
    }

    /**
     * A number for a stream that begins, above those of all before it: who gets a copy again may still have what an earlier
     * stream told it, and must not take the new one for the old one.
     */
    long nextStream() {
        return ++streams;
    }

    List<CopyStream> copies() {
        return copies;
    }

    /** Who has to agree to everything that is done. */
    Optional<Incarnation> standby() {
        return standby;
    }

    Optional<CopyStream> copyAt(Incarnation holder) {
        for (var copy : copies) {
            if (copy.holder().equals(holder)) {
                return Optional.of(copy);
            }
        }
        return Optional.empty();
    }

    /** A number for the next connection. */
    long nextGrant() {
        grants++;
        return grants;
    }

    void put(Claim claim) {
        claim.mentioned = (int) epoch;
        data.claims.put(claim);
        changed(claim);
    }

    /** The claim has changed, and stays. */
    void changed(Claim claim) {
        version++;
        for (var copy : copies) {
            copy.changed(new CopyEntry.Put(claim.record(nowNanos)));
        }
    }

    void remove(Claim claim) {
        data.claims.remove(claim.clientId);
        version++;
        for (var copy : copies) {
            copy.changed(new CopyEntry.Remove(claim.clientId));
        }
    }

    void putWill(DueWill will) {
        data.dueWills.put(WillKey.of(will), will);
        version++;
        for (var copy : copies) {
            copy.changed(new CopyEntry.PutWill(will));
        }
    }

    /** False if there is no such will, any more. */
    boolean removeWill(WillKey key) {
        if (data.dueWills.remove(key) == null) {
            return false;
        }
        version++;
        for (var copy : copies) {
            copy.changed(new CopyEntry.RemoveWill(key.clientId(), key.number()));
        }
        return true;
    }

    /** Does something as soon as those who have to know of all changes until now do; in the order of the calls. */
    void afterwards(Runnable effect) {
        if (!replaced) {
            held.addLast(new Held(version, effect));
            release();
        }
    }

    /** Does what need not wait any more. */
    void release() {
        while (!held.isEmpty() && held.getFirst().version <= covered()) {
            held.removeFirst().effect.run();
        }
    }

    /** Whether everything until now is known to those who have to know it. */
    boolean isCovered() {
        return covered() >= version;
    }

    int heldCount() {
        return held.size();
    }

    private long covered() {
        var covered = Long.MAX_VALUE;
        for (var copy : copies) {
            if (copy.isRequired()) {
                covered = Math.min(covered, copy.covers());
            }
        }
        return covered;
    }

    /** Somebody else is the owner by now: nothing is brought about any more. */
    void replaced() {
        replaced = true;
        held.clear();
    }

    boolean isReplaced() {
        return replaced;
    }

    /** Whether it waits for what the fronts announce, and opens nothing until then. */
    boolean isGathering() {
        return gathering;
    }

    /** Goes on if there is nothing left to wait for: all have announced, or there was enough time. */
    void checkGathered(Collection<Incarnation> fronts) {
        if (hasAnnounced(fronts)
                || nowNanos - sinceNanos >= settings.gatherMax().toNanos()) {
            gathering = false;
        }
    }

    /** Whether connections that a front announces and nobody knows are taken for granted, rather than for ended. */
    boolean adoptsFrom(Incarnation front) {
        return adopts && !announced.containsKey(front);
    }

    boolean hasAnnounced(Incarnation front) {
        return announced.getOrDefault(front, false);
    }

    boolean hasAnnounced(Collection<Incarnation> fronts) {
        for (var front : fronts) {
            if (!hasAnnounced(front)) {
                return false;
            }
        }
        return true;
    }

    void announced(Incarnation front) {
        announced.put(front, true);
    }

    /** The front is gone; should it come back, what it has is not what it had. */
    void frontGone(Incarnation front) {
        announced.put(front, false);
    }
}
