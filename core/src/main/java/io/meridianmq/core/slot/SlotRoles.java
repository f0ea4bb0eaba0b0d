package io.meridianmq.core.slot;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one node, in this start of it, has to do with each slot, by the table: nothing before a table says so.
 *
 * <p>A copy that is no longer wanted is kept for two leases, and goes on if it is wanted again meanwhile. For everybody
 * hears of a table at another time: an owner may fill a copy anew whose keeper has not even heard yet that it was to be
 * dropped, and what a keeper has acknowledged it must not forget when it hears of that.
 *
 * <p>While it is {@linkplain #suspend suspended}, because it may have missed what the others did, it serves nothing, accepts
 * nothing and refuses nothing for good. Belongs to the thread that drives the node.
 */
public final class SlotRoles {

    /** @param epoch the last one at which the copy was wanted: it is of the owner that the slot had then */
    private record Unwanted(long epoch, long untilNanos) {}

    private enum Role {
        NONE,
        OWNER,
        STANDBY,
        JOINING
    }

    private final Incarnation self;
    private final List<SlotContents> contents;
    private final long keepNanos;

    /** Slots whose copies are kept although they are not wanted any more; the earliest first. */
    private final Map<Integer, Unwanted> unwanted = new LinkedHashMap<>();

    private SlotTable table = SlotTable.EMPTY;
    private boolean suspended;
    private int owned;
    private int standby;
    private int unowned;

    /** Slots of this node with a copy that is being filled. */
    private int filling;

    private long handOvers;

    /** @param contents what is kept by slot */
    public SlotRoles(Incarnation self, SlotSettings settings, List<? extends SlotContents> contents) {
        this.self = self;
        this.keepNanos = settings.doubt().toNanos();
        this.contents = List.copyOf(contents);
    }

    /** The table with the highest version so far. */
    public SlotTable table() {
        return table;
    }

    /** Another table: what changed for this node is told to the contents. One with a lower version changes nothing. */
    public void onTable(SlotTable newer, long nowNanos) {
        if (newer.version() <= table.version()) {
            return;
        }
        var older = table;
        table = newer;
        owned = 0;
        standby = 0;
        unowned = 0;
        filling = 0;
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            var was = older.slot(slot);
            var now = newer.slot(slot);
            count(now);
            if (!now.equals(was)) {
                changed(slot, was, now, nowNanos);
            }
        }
    }

    /** Drops copies that have not been wanted for long enough. */
    public void tick(long nowNanos) {
        while (!unwanted.isEmpty()) {
            var earliest = unwanted.entrySet().iterator().next();
            if (nowNanos - earliest.getValue().untilNanos < 0) {
                return;
            }
            unwanted.remove(earliest.getKey());
            contents.forEach(content -> content.release(earliest.getKey()));
        }
    }

    /** Whether this node may act as the slot's owner. */
    public boolean serves(int slot) {
        return !suspended && table.slot(slot).isOwnedBy(self);
    }

    /** This node may have been replaced without noticing: it acts on nothing until {@link #resume}. */
    public void suspend() {
        suspended = true;
    }

    /** A table read after {@link #suspend} has been taken over, or is known to be this one. */
    public void resume() {
        suspended = false;
    }

    public boolean isSuspended() {
        return suspended;
    }

    /** The copies of this node's slots that are being filled and are found complete. */
    public List<SlotMessage.Copy> complete() {
        var complete = new ArrayList<SlotMessage.Copy>();
        if (suspended || filling == 0) {
            return complete;
        }
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            var now = table.slot(slot);
            if (now.isOwnedBy(self) && now.joining().isPresent() && isComplete(slot, now)) {
                complete.add(
                        new SlotMessage.Copy(slot, now.epoch(), now.joining().get()));
            }
        }
        return complete;
    }

    /** Slots that this node serves. */
    public int owned() {
        return owned;
    }

    /** Slots of which this node has the second copy. */
    public int standby() {
        return standby;
    }

    /** Slots of the zone that nobody serves. */
    public int unowned() {
        return unowned;
    }

    /** Slots that this node has got or given away, since the start. */
    public long handOvers() {
        return handOvers;
    }

    private boolean isComplete(int slot, Slot now) {
        return contents.stream().allMatch(content -> content.isComplete(slot, now));
    }

    private void changed(int slot, Slot was, Slot now, long nowNanos) {
        var before = role(was);
        var after = role(now);
        var kept = after == Role.NONE ? null : unwanted.remove(slot);
        if ((before == Role.OWNER) != (after == Role.OWNER)) {
            handOvers++;
        }
        switch (after) {
            case OWNER -> {
                if (before == Role.OWNER && was.epoch() == now.epoch()) {
                    contents.forEach(content -> content.copiesMoved(slot, now));
                } else {
                    if (kept != null && now.epoch() > kept.epoch + 1) { // Nobody counted on it at the epoch before.
                        contents.forEach(content -> content.release(slot));
                    }
                    var continued = (before == Role.OWNER || before == Role.STANDBY) && now.epoch() == was.epoch() + 1;
                    contents.forEach(content -> content.serve(slot, now, continued));
                }
            }
            case STANDBY, JOINING -> {
                var goesOn = kept == null ? before == after && was.epoch() == now.epoch() : kept.epoch == now.epoch();
                if (!goesOn) {
                    contents.forEach(content -> content.follow(slot, now));
                }
            }
            case NONE -> {
                if (before == Role.OWNER) {
                    contents.forEach(content -> content.release(slot));
                } else if (before != Role.NONE) {
                    unwanted.put(slot, new Unwanted(was.epoch(), nowNanos + keepNanos));
                }
            }
        }
    }

    private void count(Slot now) {
        switch (role(now)) {
            case OWNER -> {
                owned++;
                filling += now.joining().isPresent() ? 1 : 0;
            }
            case STANDBY -> standby++;
            case JOINING, NONE -> {}
        }
        if (now.owner().isEmpty()) {
            unowned++;
        }
    }

    private Role role(Slot slot) {
        if (slot.isOwnedBy(self)) {
            return Role.OWNER;
        }
        if (!slot.isCopiedTo(self)) {
            return Role.NONE;
        }
        return slot.standby().filter(self::equals).isPresent() ? Role.STANDBY : Role.JOINING;
    }
}
