package io.meridianmq.core.slot;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.place.Incarnation;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random lives of zones. {@link Zone} checks every single plan; here is what must hold when it has come to rest. */
class SlotPlannerPropertyTest {

    private static final int RUNS = Integer.getInteger("meridian.seeds", 10);

    private long boot = 1;

    @Test
    void whoeverComesAndGoesTheZoneComesToRestBalanced() {
        for (var seed = firstSeed(); seed < firstSeed() + RUNS; seed++) {
            var random = new Random(seed);
            var zone = new Zone(random);
            zone.join(SlotPlannerTest.node("n0", boot++));
            for (var event = 0; event < 25; event++) {
                disturb(zone, random, 2 + random.nextInt(9));
                for (var plan = random.nextInt(4); plan > 0; plan--) {
                    zone.step(random.nextDouble());
                }
            }
            var plans = zone.settle();
            zone.checkBalanced();
            assertThat(plans).as("plans until rest, seed %d", seed).isLessThanOrEqualTo(12);
        }
    }

    @Test
    void aNodeThatJoinsGetsItsShareAndNothingElseMoves() {
        for (var seed = firstSeed(); seed < firstSeed() + RUNS; seed++) {
            var random = new Random(seed);
            var zone = settled(random, 1 + random.nextInt(12));
            var before = zone.table();
            var joined = SlotPlannerTest.node("new", boot++);
            zone.join(joined);
            zone.settle();
            zone.checkBalanced();
            assertThat(zone.movedSince(before)).as("seed %d", seed).isEqualTo(zone.ownedBy(joined));
        }
    }

    @Test
    void aNodeThatDrainsGivesItsShareAndNothingElseMoves() {
        for (var seed = firstSeed(); seed < firstSeed() + RUNS; seed++) {
            var random = new Random(seed);
            var zone = settled(random, 3 + random.nextInt(12));
            var before = zone.table();
            var leaving = any(zone, random);
            var share = zone.ownedBy(leaving);
            zone.drain(leaving);
            zone.settle();
            zone.checkBalanced();
            assertThat(zone.ownedBy(leaving) + zone.keptBy(leaving)).isZero();
            assertThat(zone.movedSince(before)).as("seed %d", seed).isEqualTo(share);
        }
    }

    /** Its standbys take over; since those are spread, hardly any of the others has to give some of its own. */
    @Test
    void aNodeThatDiesMovesItsShareAndAtMostOneSlotMoreForEachNodeThatRemains() {
        for (var seed = firstSeed(); seed < firstSeed() + RUNS; seed++) {
            var random = new Random(seed);
            var zone = settled(random, 2 + random.nextInt(12));
            var before = zone.table();
            var leaving = any(zone, random);
            var share = zone.ownedBy(leaving);
            zone.leave(leaving.place());
            zone.settle();
            zone.checkBalanced();
            assertThat(zone.movedSince(before) - share)
                    .as("seed %d", seed)
                    .isBetween(0, zone.alive().size());
        }
    }

    /** A zone of so many nodes that has seen others come and go. */
    private Zone settled(Random random, int nodes) {
        var zone = new Zone(random);
        zone.join(SlotPlannerTest.node("n0", boot++));
        zone.settle();
        for (var event = 0; event < 6; event++) {
            disturb(zone, random, nodes + 2);
            zone.settle();
        }
        zone.members().draining().forEach(zone::undrain);
        while (zone.alive().size() > nodes) {
            zone.leave(any(zone, random).place());
            zone.settle();
        }
        while (zone.alive().size() < nodes) {
            zone.join(SlotPlannerTest.node("m" + zone.alive().size(), boot++));
            zone.settle();
        }
        zone.settle();
        zone.checkBalanced();
        return zone;
    }

    private void disturb(Zone zone, Random random, int nodesMax) {
        switch (random.nextInt(5)) {
            case 0, 1 -> zone.join(SlotPlannerTest.node("n" + random.nextInt(nodesMax), boot++));
            case 2 -> {
                if (zone.alive().size() > 1) {
                    zone.leave(any(zone, random).place());
                }
            }
            case 3 -> zone.drain(any(zone, random));
            default -> zone.undrain(any(zone, random));
        }
    }

    private static Incarnation any(Zone zone, Random random) {
        return new ArrayList<>(zone.alive().values())
                .get(random.nextInt(zone.alive().size()));
    }

    private static long firstSeed() {
        return Long.getLong("meridian.seed", 1L);
    }
}
