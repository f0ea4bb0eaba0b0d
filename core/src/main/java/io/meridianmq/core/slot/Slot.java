package io.meridianmq.core.slot;

import io.meridianmq.core.place.Incarnation;
import java.util.Optional;

/**
 * Who has one slot.
 *
 * @param owner serves it; empty while nobody does
 * @param standby has a complete copy and takes over when the owner ends
 * @param joining is being filled and may not take over yet
 * @param epoch grows by one each time the owner changes, and never falls; 0 before the first owner. What an owner says with
 *     an epoch below the one that its listener knows is void
 */
public record Slot(
        Optional<Incarnation> owner, Optional<Incarnation> standby, Optional<Incarnation> joining, long epoch) {

    /** A slot that nobody has had yet. */
    public static final Slot VACANT = new Slot(Optional.empty(), Optional.empty(), Optional.empty(), 0);

    public Slot {
        if (epoch < 0 || (owner.isPresent() && epoch == 0)) {
            throw new IllegalArgumentException("epoch " + epoch + " of a slot of " + owner + ": epochs start at 1");
        }
    }

    /** Whether {@code who} serves it. */
    public boolean isOwnedBy(Incarnation who) {
        return owner.isPresent() && owner.get().equals(who);
    }

    /** Whether {@code who} keeps a copy, complete or not yet. */
    public boolean isCopiedTo(Incarnation who) {
        return (standby.isPresent() && standby.get().equals(who))
                || (joining.isPresent() && joining.get().equals(who));
    }
}
