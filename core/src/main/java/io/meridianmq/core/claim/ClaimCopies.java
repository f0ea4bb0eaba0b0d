package io.meridianmq.core.claim;

import io.meridianmq.core.claim.SlotClaims.WillKey;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.CopyEntry;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node as keeper of copies: takes what the owner of each slot's current epoch tells, and nothing from others.
 *
 * <p>A stream that begins leaves what is there in place and changes it step by step. What the stream has not mentioned by
 * the time it has told everything goes. So a copy that was complete stays as good as it was while it is told anew.
 *
 * <p>Belongs to one thread. Its size is that of what the owners may have.
 */
public final class ClaimCopies {

    private final Mail mail;
    private final Incarnations incarnations = new Incarnations();
    private final @Nullable Copy[] copies = new @Nullable Copy[SlotHash.COUNT];
    private int count;
    private int claims;
    private long refused;

    private static final class Copy {
        final SlotClaims data;
        final Incarnation owner;
        final long epoch;
        long stream;
        long mark;
        /** Number of the stream among all that this copy was told by. */
        int telling;

        final Set<WillKey> unmentionedWills = new HashSet<>(0);

        Copy(SlotClaims data, Incarnation owner, long epoch) {
            this.data = data;
            this.owner = owner;
            this.epoch = epoch;
        }
    }

    public ClaimCopies(Mail mail) {
        this.mail = mail;
    }

    /**
     * This node keeps a copy of a slot from now on, or goes on to under another owner.
     *
     * @param data what it has to begin with; passes to this call
     */
    public void keep(int number, Slot assigned, SlotClaims data) {
        var copy = new Copy(data, assigned.owner().orElseThrow(), assigned.epoch());
        for (var claim : data.claims.values()) {
            claim.mentioned = 0;
        }
        copies[number] = copy;
        count++;
        claims += data.claims.size();
    }

    /** This node keeps no copy of a slot any more; what it had is the caller's. */
    public Optional<SlotClaims> take(int number) {
        var copy = copies[number];
        if (copy == null) {
            return Optional.empty();
        }
        copies[number] = null;
        count--;
        claims -= copy.data.claims.size();
        return Optional.of(copy.data);
    }

    /** Whether it keeps a copy for that owner at that epoch. */
    public boolean keepsFor(int number, Slot assigned) {
        var copy = copies[number];
        return copy != null && copy.epoch == assigned.epoch() && assigned.isOwnedBy(copy.owner);
    }

    /** Copies kept. */
    public int count() {
        return count;
    }

    /** Claims in all copies. */
    public int claims() {
        return claims;
    }

    /** What was said by those who are not the owners, since the start. */
    public long refused() {
        return refused;
    }

    /**
     * An owner tells something.
     *
     * @param known the slot, as the slot table has it
     */
    public void onPart(Incarnation from, ClaimMessage.CopyPart part, Slot known, long nowNanos) {
        if (part.epoch() < known.epoch()) {
            refused++;
            mail.say(from, new ClaimMessage.CopyRefused(known.epoch(), part.slot()));
            return;
        }
        var copy = copies[part.slot()];
        if (copy == null || part.epoch() != copy.epoch || !copy.owner.equals(from)) {
            refused++; // The table that makes it so may be on its way: the owner will say it again.
            return;
        }
        if (part.stream() > copy.stream && part.first() == 1) {
            begin(copy, part.stream());
        }
        if (part.stream() > copy.stream) {
            mail.say(from, new ClaimMessage.CopyMark(part.epoch(), part.slot(), 0, 0));
            return;
        }
        if (part.stream() == copy.stream) {
            apply(copy, part, nowNanos);
            mail.say(from, new ClaimMessage.CopyMark(part.epoch(), part.slot(), copy.stream, copy.mark));
        }
    }

    private static void begin(Copy copy, long stream) {
        copy.stream = stream;
        copy.mark = 0;
        copy.telling++;
        copy.unmentionedWills.clear();
        copy.unmentionedWills.addAll(copy.data.dueWills.keySet());
    }

    private void apply(Copy copy, ClaimMessage.CopyPart part, long nowNanos) {
        if (part.first() > copy.mark + 1) {
            return; // Something before it was lost.
        }
        var before = copy.data.claims.size();
        for (var i = (int) (copy.mark + 1 - part.first()); i < part.entries().size(); i++) {
            apply(copy, part.entries().get(i), nowNanos);
            copy.mark++;
        }
        claims += copy.data.claims.size() - before;
    }

    private void apply(Copy copy, CopyEntry entry, long nowNanos) {
        switch (entry) {
            case CopyEntry.Begin() -> {}
            case CopyEntry.Put(var claimed) -> {
                var claim = Claim.of(claimed, incarnations::same, nowNanos);
                claim.mentioned = copy.telling;
                copy.data.claims.put(claim);
            }
            case CopyEntry.Remove(var clientId) -> copy.data.claims.remove(clientId);
            case CopyEntry.PutWill(var will) -> putWill(copy, will);
            case CopyEntry.RemoveWill(var clientId, var number) ->
                copy.data.dueWills.remove(new WillKey(clientId, number));
            case CopyEntry.Complete() -> complete(copy);
        }
    }

    private static void putWill(Copy copy, DueWill will) {
        var key = WillKey.of(will);
        copy.unmentionedWills.remove(key);
        copy.data.dueWills.put(key, will);
        var claim = copy.data.claims.find(will.clientId());
        if (claim != null && claim.hasNumber(will.number())) {
            claim.will = null; // What the owner says next of this claim may never come.
        }
    }

    private static void complete(Copy copy) {
        copy.unmentionedWills.forEach(copy.data.dueWills::remove);
        copy.unmentionedWills.clear();
        for (var claim : copy.data.claims.values()) {
            if (claim.mentioned != copy.telling) {
                copy.data.claims.remove(claim.clientId);
            }
        }
    }
}
