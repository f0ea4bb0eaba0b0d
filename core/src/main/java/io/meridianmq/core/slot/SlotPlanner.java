package io.meridianmq.core.slot;

import io.meridianmq.core.place.Incarnation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The next slot table on the way to one that is balanced: a pure function of the present one, of who is there, and of which
 * copies are complete. Any thread may call.
 *
 * <p>A plan is one step for each slot, and each step is safe by itself, whatever happens before the next one:
 *
 * <pre>
 *   who should have it is nobody's copy yet      joining = the new one       its owner fills it
 *   the joining copy is complete                 standby = joining           the old standby was kept until here
 *   the standby is to serve                      owner = standby, standby = owner, epoch + 1
 *   the owner is gone                            owner = standby, epoch + 1
 *   all copies are gone                          owner = whoever needs more, epoch + 1: it begins with nothing
 * </pre>
 *
 * <p>Only a complete copy becomes owner while there is one. {@code SlotTargets} tells where all of it leads to; what is under
 * way is preferred to anything new, so plans made one after the other lead to the same end.
 */
public final class SlotPlanner {

    static final int NOBODY = -1;

    private final SlotTable table;
    private final BitSet complete;

    /** Nodes by number: first those that are to have equal shares, then those that drain. */
    private final List<Incarnation> nodes = new ArrayList<>();

    private final Map<Incarnation, Integer> numbers = new HashMap<>();
    private final ZoneMembers members;

    private final int[] owners = new int[SlotHash.COUNT];
    private final int[] standbys = new int[SlotHash.COUNT];
    private final int[] joinings = new int[SlotHash.COUNT];
    private final long[] epochs = new long[SlotHash.COUNT];

    /** Slots that have a new owner by this plan already: one for each step. */
    private final BitSet settled = new BitSet(SlotHash.COUNT);

    /** Slots of which somebody who may be alive has a copy that is needed: they wait. */
    private final BitSet frozen = new BitSet(SlotHash.COUNT);

    private SlotPlanner(SlotTable table, ZoneMembers members, BitSet complete) {
        this.table = table;
        this.members = members;
        this.complete = complete;
        // When everybody leaves there is nobody to give anything to, and somebody has to serve until the end.
        var serving = members.serving().isEmpty()
                ? members.draining().stream()
                        .sorted((a, b) -> a.place().compareTo(b.place()))
                        .toList()
                : members.serving();
        nodes.addAll(serving);
        nodes.addAll(members.draining().stream()
                .filter(draining -> !serving.contains(draining))
                .toList());
        for (var number = 0; number < nodes.size(); number++) {
            numbers.put(nodes.get(number), number);
        }
    }

    /**
     * The table to write next, with the next version.
     *
     * @param complete slots whose joining copy its owner, at the table's epoch, has called complete
     * @return empty if there is nothing to do, or nobody to do it with
     */
    public static Optional<SlotTable> next(SlotTable table, ZoneMembers members, BitSet complete) {
        if (members.serving().isEmpty() && members.draining().isEmpty()) {
            return Optional.empty();
        }
        return new SlotPlanner(table, members, complete).plan();
    }

    private Optional<SlotTable> plan() {
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            read(slot);
            if (!frozen.get(slot)) {
                promote(slot);
            }
        }
        var servingCount =
                members.serving().isEmpty() ? nodes.size() : members.serving().size();
        var targets = new SlotTargets(servingCount, owners, standbys, joinings, returned(), frozen);
        var targetOwners = targets.owners();
        var targetStandbys = targets.standbys();
        var slots = new ArrayList<Slot>(SlotHash.COUNT);
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            if (!frozen.get(slot)) {
                step(slot, targetOwners[slot], targetStandbys[slot]);
            }
            slots.add(frozen.get(slot) ? table.slot(slot) : written(slot));
        }
        return slots.equals(table.slots()) ? Optional.empty() : Optional.of(new SlotTable(table.version() + 1, slots));
    }

    private void read(int slot) {
        var now = table.slot(slot);
        if (isDoubtful(now.owner()) || isDoubtful(now.standby())) {
            frozen.set(slot);
        }
        owners[slot] = number(now.owner());
        standbys[slot] = number(now.standby());
        joinings[slot] = number(now.joining());
        epochs[slot] = now.epoch();
        if (complete.get(slot) && joinings[slot] != NOBODY) {
            standbys[slot] = joinings[slot];
            joinings[slot] = NOBODY;
        }
    }

    private void promote(int slot) {
        if (owners[slot] == NOBODY && standbys[slot] != NOBODY) {
            serve(slot, standbys[slot]);
            standbys[slot] = NOBODY;
        }
    }

    private void step(int slot, int owner, int standby) {
        if (owners[slot] == NOBODY) {
            serve(slot, owner);
            joinings[slot] = standby;
        } else if (owners[slot] == owner) {
            joinings[slot] = standbys[slot] == standby ? NOBODY : standby;
        } else if (standbys[slot] != owner) {
            joinings[slot] = owner;
        } else if (!settled.get(slot) && !becameStandbyNow(slot)) {
            standbys[slot] = owners[slot];
            joinings[slot] = NOBODY;
            serve(slot, owner);
        } else {
            joinings[slot] = NOBODY;
        }
    }

    /** A copy is told that it is complete before it is told to serve. */
    private boolean becameStandbyNow(int slot) {
        return complete.get(slot) && number(table.slot(slot).standby()) != standbys[slot];
    }

    private void serve(int slot, int owner) {
        owners[slot] = owner;
        epochs[slot]++;
        settled.set(slot);
    }

    private Slot written(int slot) {
        return new Slot(
                incarnation(owners[slot]), incarnation(standbys[slot]), incarnation(joinings[slot]), epochs[slot]);
    }

    /** For slots without any copy: who serves now where its last owner did, and may still have something on disk. */
    private int[] returned() {
        var byPlace = new HashMap<Object, Integer>();
        numbers.forEach((node, number) -> byPlace.put(node.place(), number));
        var returned = new int[SlotHash.COUNT];
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            returned[slot] = owners[slot] != NOBODY
                    ? NOBODY
                    : table.owner(slot).map(owner -> byPlace.get(owner.place())).orElse(NOBODY);
        }
        return returned;
    }

    private boolean isDoubtful(Optional<Incarnation> who) {
        return who.filter(members.doubtful()::contains).isPresent();
    }

    private int number(Optional<Incarnation> who) {
        return who.map(numbers::get).orElse(NOBODY);
    }

    private Optional<Incarnation> incarnation(int number) {
        return number == NOBODY ? Optional.empty() : Optional.of(nodes.get(number));
    }
}
