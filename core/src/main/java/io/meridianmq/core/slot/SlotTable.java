package io.meridianmq.core.slot;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Who has which slot of a zone, at one moment. Only the zone's leader makes new ones, each with the next version; everybody
 * takes a higher version for a lower one, whole.
 *
 * @param version 0 before there is a table
 * @param slots by number, {@link SlotHash#COUNT} of them
 */
public record SlotTable(long version, List<Slot> slots) {

    /** Before there is a table: nobody has anything. */
    public static final SlotTable EMPTY = new SlotTable(0, Collections.nCopies(SlotHash.COUNT, Slot.VACANT));

    public SlotTable {
        slots = List.copyOf(slots);
        if (slots.size() != SlotHash.COUNT) {
            throw new IllegalArgumentException("a slot table has " + SlotHash.COUNT + " slots, not " + slots.size());
        }
    }

    /** The table of a node on its own: it owns everything. */
    public static SlotTable ofOne(Incarnation owner) {
        return new SlotTable(
                1,
                Collections.nCopies(
                        SlotHash.COUNT,
                        new Slot(Optional.of(owner), Optional.empty(), Optional.empty(), owner.boot())));
    }

    /**
     * Who has a slot.
     *
     * @param slot 0..4095
     */
    public Slot slot(int slot) {
        return slots.get(slot);
    }

    /**
     * Who serves a slot.
     *
     * @param slot 0..4095
     */
    public Optional<Incarnation> owner(int slot) {
        return slots.get(slot).owner();
    }

    /**
     * Who takes what a node of the zone sends to a slot: its owner. What comes from the owner itself its standby takes, if
     * it has one, so that it is in the care of two.
     *
     * @param slot 0..4095
     */
    public Optional<Incarnation> taker(int slot, Place source) {
        var now = slots.get(slot);
        var isFromOwner =
                now.owner().filter(owner -> owner.place().equals(source)).isPresent();
        return isFromOwner && now.standby().isPresent() ? now.standby() : now.owner();
    }
}
