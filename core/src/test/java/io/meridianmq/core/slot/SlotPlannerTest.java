package io.meridianmq.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotPlannerTest {

    private static final Incarnation A = node("a", 1);
    private static final Incarnation B = node("b", 1);
    private static final Incarnation C = node("c", 1);

    private static final Optional<Incarnation> NONE = Optional.empty();

    private final Zone zone = new Zone();

    @Test
    void theFirstNodeGetsEverythingAtOnce() {
        zone.join(A);
        zone.step(1.0);
        assertThat(zone.table().version()).isEqualTo(1);
        assertThat(zone.table().slots()).allMatch(slot -> slot.isOwnedBy(A) && slot.epoch() == 1);
        assertThat(zone.settle()).isZero();
    }

    @Test
    void withTwoNodesEachStandsByForTheOther() {
        zone.join(A);
        zone.settle();
        zone.join(B);
        zone.settle();
        assertThat(zone.ownedBy(A)).isEqualTo(SlotHash.COUNT / 2);
        assertThat(zone.ownedBy(B)).isEqualTo(SlotHash.COUNT / 2);
        assertThat(zone.table().slots())
                .allMatch(slot -> slot.standby().isPresent() && !slot.standby().equals(slot.owner()));
    }

    @Test
    void aSlotIsHandedOverInSafeSteps() {
        var before = slot(A, NONE, NONE, 1);
        var joining = only(plan(before, serving(B), draining(A), false));
        assertThat(joining).isEqualTo(slot(A, NONE, Optional.of(B), 1));
        assertThat(plan(joining, serving(B), draining(A), false))
                .as("not complete yet")
                .isEmpty();
        var standby = only(plan(joining, serving(B), draining(A), true));
        assertThat(standby).isEqualTo(slot(A, Optional.of(B), NONE, 1));
        assertThat(only(plan(standby, serving(B), draining(A), false))).isEqualTo(slot(B, Optional.of(A), NONE, 2));
    }

    @Test
    void theOldStandbyStaysUntilTheNewOneIsComplete() {
        var joining = only(plan(slot(A, Optional.of(C), NONE, 4), serving(A, B), draining(C), false));
        assertThat(joining.standby()).contains(C);
        assertThat(joining.joining()).isPresent();
        var standby = only(plan(joining, serving(A, B), draining(C), true));
        assertThat(standby.standby()).isEqualTo(joining.joining());
        assertThat(standby.epoch()).isEqualTo(4);
    }

    @Test
    void aStandbyIsPromotedAndAJoiningCopyIsNot() {
        var promoted = only(plan(slot(A, Optional.of(B), Optional.of(C), 7), serving(B, C), Set.of(), false));
        assertThat(promoted.owner()).contains(B);
        assertThat(promoted.standby()).isEmpty();
        assertThat(promoted.epoch()).isEqualTo(8);
    }

    @Test
    void aSlotWithoutAnyCopyIsServedEmptyAtOnce() {
        var empty = only(plan(slot(A, NONE, NONE, 7), serving(B), Set.of(), false));
        assertThat(empty).isEqualTo(slot(B, NONE, NONE, 8));
    }

    @Test
    void aRestartedNodeGetsItsSlotsBackWhenNobodyHasACopy() {
        var again = List.of(node("a", 2), node("b", 2), node("c", 2));
        for (var node : List.of(A, B, C)) {
            zone.join(node);
            zone.settle();
        }
        var before = zone.table();
        again.forEach(zone::join); // Each replaces its place's earlier incarnation.
        zone.step(1.0);
        for (var slot = 0; slot < SlotHash.COUNT; slot++) {
            assertThat(zone.table().owner(slot).map(Incarnation::place))
                    .isEqualTo(before.owner(slot).map(Incarnation::place));
        }
    }

    @Test
    void whatMayBeAliveIsLeftAlone() {
        var doubtful = new ZoneMembers(List.of(B), Set.of(), Set.of(A));
        assertThat(next(slot(A, Optional.of(B), NONE, 3), doubtful, false)).isEmpty();
        assertThat(next(slot(A, NONE, NONE, 3), doubtful, false)).isEmpty();
        assertThat(next(slot(B, Optional.of(A), NONE, 3), doubtful, false)).isEmpty();
    }

    @Test
    void whenEverybodyDrainsEverythingStays() {
        zone.join(A);
        zone.join(B);
        zone.settle();
        zone.drain(A);
        zone.drain(B);
        assertThat(zone.settle()).isZero();
    }

    @Test
    void nobodyLeftMeansNothingToDo() {
        var nobody = new ZoneMembers(List.of(), Set.of(), Set.of());
        assertThat(SlotPlanner.next(SlotTable.EMPTY, nobody, new BitSet())).isEmpty();
    }

    @Test
    void fiftyNodesTakeAFractionOfFiftyMilliseconds() {
        for (var number = 0; number < 50; number++) {
            zone.join(node("n" + number, 1));
        }
        zone.settle();
        zone.join(node("n50", 1));
        var members = zone.members();
        var best = Long.MAX_VALUE;
        for (var round = 0; round < 20; round++) {
            var since = System.nanoTime();
            assertThat(SlotPlanner.next(zone.table(), members, new BitSet())).isPresent();
            best = Math.min(best, System.nanoTime() - since);
        }
        assertThat(best).isLessThan(50_000_000);
    }

    /** The next slots of a table in which every slot looks the same; none if nothing changes. */
    private static List<Slot> plan(Slot all, List<Incarnation> serving, Set<Incarnation> draining, boolean complete) {
        return next(all, new ZoneMembers(serving, draining, Set.of()), complete);
    }

    private static List<Slot> next(Slot all, ZoneMembers members, boolean complete) {
        var slots = Collections.nCopies(SlotHash.COUNT, all);
        var filled = new BitSet();
        filled.set(0, SlotHash.COUNT, complete);
        return SlotPlanner.next(new SlotTable(1, slots), members, filled)
                .map(SlotTable::slots)
                .orElse(List.of());
    }

    private static Slot only(List<Slot> slots) {
        return slots.getFirst();
    }

    private static Slot slot(
            Incarnation owner, Optional<Incarnation> standby, Optional<Incarnation> joining, long epoch) {
        return new Slot(Optional.of(owner), standby, joining, epoch);
    }

    private static List<Incarnation> serving(Incarnation... nodes) {
        return List.of(nodes);
    }

    private static Set<Incarnation> draining(Incarnation... nodes) {
        return Set.of(nodes);
    }

    static Incarnation node(String name, long boot) {
        return new Incarnation(Place.node("us", "z", name), boot);
    }
}
