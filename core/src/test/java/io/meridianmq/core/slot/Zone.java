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
        var present = new HashSet<>(alive.values());
        for (var number = 0; number < SlotHash.COUNT; number++) {
            var was = before.slot(number);
            var is = after.slot(number);
            var filled = complete.get(number);
            require(
                    is.owner().isPresent()
                            && present.contains(is.owner().get())
                            && is.standby().map(present::contains).orElse(true)
                            && is.joining().map(present::contains).orElse(true),
                    "nothing is given to or left with who is gone",
                    was,
                    is);
            require(
                    !is.standby().equals(is.owner())
                            && !is.joining().equals(is.owner())
                            && (is.joining().isEmpty() || !is.joining().equals(is.standby())),
                    "nobody has two copies",
                    was,
                    is);
            if (is.owner().equals(was.owner())) {
                require(is.epoch() == was.epoch(), "the epoch stays with the owner", was, is);
                require(
                        is.standby().equals(was.standby())
                                || !was.standby().map(present::contains).orElse(false)
                                || (filled && is.standby().equals(was.joining())),
                        "a standby stays until a complete copy takes its place",
                        was,
                        is);
            } else {
                require(is.epoch() == was.epoch() + 1, "another owner, the next epoch", was, is);
                require(isSuccessor(was, is, filled, present), "only a complete copy takes over", was, is);
                require(
                        !was.owner().map(present::contains).orElse(false)
                                || is.standby().equals(was.owner()),
                        "who hands over keeps its copy",
                        was,
                        is);
            }
        }
    }

    private static boolean isSuccessor(Slot was, Slot is, boolean filled, Set<Incarnation> present) {
        var copies = new HashSet<Incarnation>();
        was.owner().filter(present::contains).ifPresent(copies::add);
        was.standby().filter(present::contains).ifPresent(copies::add);
        was.joining().filter(who -> filled && present.contains(who)).ifPresent(copies::add);
        return copies.isEmpty() || is.owner().filter(copies::contains).isPresent();
    }

    private static void require(boolean holds, String what, Slot was, Slot is) {
        if (!holds) {
            throw new AssertionError(what + ": " + was + " to " + is);
        }
    }
}
