package io.meridianmq.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Nodes that come and go, and the table that one plan after the other makes for them; every plan is checked. */
final class Zone {

    private static final int PLANS_MAX = 40;

    private final Random random;
    private final TreeMap<Place, Incarnation> alive = new TreeMap<>();
    private final Set<Incarnation> draining = new HashSet<>();
    private SlotTable table = SlotTable.EMPTY;

    Zone() {
        this(new Random(1));
    }

    Zone(Random random) {
        this.random = random;
    }

    SlotTable table() {
        return table;
    }

    /** In place of the place's earlier incarnation, if there is one. */
    void join(Incarnation node) {
        leave(node.place());
        alive.put(node.place(), node);
    }

    void leave(Place place) {
        var gone = alive.remove(place);
        if (gone != null) {
            draining.remove(gone);
        }
    }

    void drain(Incarnation node) {
        draining.add(node);
    }

    void undrain(Incarnation node) {
        draining.remove(node);
    }

    Map<Place, Incarnation> alive() {
        return alive;
    }

    ZoneMembers members() {
        return new ZoneMembers(
                alive.values().stream().filter(node -> !draining.contains(node)).toList(), draining, Set.of());
    }

    /**
     * Makes one plan.
     *
     * @param completed how likely each copy under way is complete by now
     * @return whether there was anything to do
     */
    boolean step(double completed) {
        var complete = new BitSet();
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            complete.set(
                    slot,
                    table.slot(slot).joining().filter(alive::containsValue).isPresent()
                            && random.nextDouble() < completed);
        }
        var next = SlotPlanner.next(table, members(), complete);
        assertThat(SlotPlanner.next(table, members(), complete))
                .as("the same plan again")
                .isEqualTo(next);
        next.ifPresent(planned -> {
            check(table, planned, complete);
            table = planned;
        });
        return next.isPresent();
    }

    /** Plans until everything is at rest; the number of plans. */
    int settle() {
        var plans = 0;
        while (step(1.0)) {
            plans++;
            assertThat(plans).as("plans until rest").isLessThan(PLANS_MAX);
        }
        return plans;
    }

    int ownedBy(Incarnation node) {
        return (int) table.slots().stream().filter(slot -> slot.isOwnedBy(node)).count();
    }

    int keptBy(Incarnation node) {
        return (int) table.slots().stream()
                .filter(slot -> slot.standby().equals(Optional.of(node)))
                .count();
    }

    /** Slots that others serve than in {@code before}. */
    int movedSince(SlotTable before) {
        var moved = 0;
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            if (!table.owner(slot).equals(before.owner(slot))) {
                moved++;
            }
        }
        return moved;
    }

    void checkBalanced() {
        var serving = members().serving();
        for (var node : serving) {
            var mean = SlotHash.COUNT / serving.size();
            assertThat(ownedBy(node)).as("slots of %s", node).isBetween(mean, mean + 1);
            if (serving.size() > 1) {
                assertThat(keptBy(node)).as("copies at %s", node).isBetween(mean - 1, mean + 2);
            }
        }
        assertThat(table.slots()).allMatch(slot -> slot.joining().isEmpty());
        if (serving.size() > 1) {
            assertThat(table.slots()).allMatch(slot -> slot.standby().isPresent());
        }
    }

    private void check(SlotTable before, SlotTable after, BitSet complete) {
        assertThat(after.version()).isEqualTo(before.version() + 1);
        for (var number = 0; number < SlotHash.COUNT; number++) {
            var was = before.slot(number);
            var is = after.slot(number);
            checkPresent(is);
            if (is.owner().equals(was.owner())) {
                assertThat(is.epoch()).isEqualTo(was.epoch());
            } else {
                assertThat(is.epoch()).isEqualTo(was.epoch() + 1);
                checkSuccessor(was, is, complete.get(number));
            }
            if (was.standby().filter(alive::containsValue).isPresent()
                    && is.owner().equals(was.owner())
                    && !is.standby().equals(was.standby())) {
                assertThat(complete.get(number))
                        .as("a standby is replaced by a complete copy")
                        .isTrue();
                assertThat(is.standby()).isEqualTo(was.joining());
            }
        }
    }

    private void checkPresent(Slot slot) {
        assertThat(slot.owner()).hasValueSatisfying(owner -> assertThat(alive).containsValue(owner));
        slot.standby().ifPresent(standby -> assertThat(alive).containsValue(standby));
        slot.joining().ifPresent(joining -> assertThat(alive).containsValue(joining));
        assertThat(slot.standby().equals(slot.owner()))
                .as("a slot's own second copy")
                .isFalse();
        assertThat(slot.joining().isPresent()
                        && (slot.joining().equals(slot.owner())
                                || slot.joining().equals(slot.standby())))
                .as("a third copy at the same node")
                .isFalse();
    }

    /** Only a complete copy takes over, unless there is none. */
    private void checkSuccessor(Slot was, Slot is, boolean complete) {
        var copies = new HashSet<Incarnation>();
        was.owner().filter(alive::containsValue).ifPresent(copies::add);
        was.standby().filter(alive::containsValue).ifPresent(copies::add);
        if (complete) {
            was.joining().ifPresent(copies::add);
        }
        if (!copies.isEmpty()) {
            assertThat(copies).contains(is.owner().orElseThrow());
        }
        if (was.owner().filter(alive::containsValue).isPresent()) {
            assertThat(is.standby())
                    .as("after a hand-over the old owner has the second copy")
                    .isEqualTo(was.owner());
        }
    }
}
