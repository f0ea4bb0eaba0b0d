package io.meridianmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How to run more seeds, and which seed finds which bug, is in docs/simulation.md. */
class SimulationTest {

    private static final int SEEDS = 20;
    /** So many are enough to find every planted bug; most are found by the first few. */
    private static final int SEEDS_MAX = 1_000;

    private final long firstSeed = Long.getLong("meridian.seed", 1L);
    private final int seeds = Integer.getInteger("meridian.seeds", SEEDS);

    @Test
    void whateverHappensTheInvariantsHold() {
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++) {
            var result = Simulation.run(seed, Shape.DEFAULT, PlantedBug.NONE);
            assertThat(result.violations()).as("seed %d", seed).isEmpty();
            assertThat(result.delivered()).as("deliveries of seed %d", seed).isPositive();
        }
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        assertThat(Simulation.run(firstSeed, Shape.DEFAULT, PlantedBug.NONE))
                .isEqualTo(Simulation.run(firstSeed, Shape.DEFAULT, PlantedBug.NONE));
    }

    @Test
    void otherShapesHoldToo() {
        for (var shape : new Shape[] {new Shape(1, 1, 2), new Shape(1, 2, 2), new Shape(3, 1, 1)}) {
            assertThat(Simulation.run(firstSeed, shape, PlantedBug.NONE).violations())
                    .as("seed %d, %s", firstSeed, shape)
                    .isEmpty();
        }
    }

    @Test
    void aLostResendIsSeenAsPublicationsThatNeverArrive() {
        var result = firstToFail(PlantedBug.DROP_A_RESEND);
        assertThat(result.violations().getFirst().invariant())
                .as("at a subscriber whose session ends with its connection, or at one whose session stays")
                .isIn("no-miss", "acked-is-kept");
        assertThat(result.violations())
                .as("the lane that waits for ever")
                .anyMatch(violation -> violation.invariant().equals("no-leak")
                        && violation.what().contains("publications in lanes"));
    }

    @Test
    void aSkippedDeltaIsSeenAsAMissAfterTheSuback() {
        var result = firstToFail(PlantedBug.SKIP_A_DELTA);
        assertThat(result.violations())
                .allMatch(violation -> violation.invariant().equals("no-miss")
                        && violation.what().contains("visible in its zone"));
    }

    @Test
    void aForgottenSplitHorizonIsSeenAsAFloodOfFrames() {
        var result = firstToFail(PlantedBug.FORGET_SPLIT_HORIZON);
        assertThat(result.violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.invariant()).isEqualTo("bounded"));
    }

    @Test
    void acceptingBeforeKeepingIsSeenAsAMissOfDurableSubscribers() {
        var result = firstToFail(PlantedBug.ACCEPT_BEFORE_KEEPING);
        assertThat(result.violations())
                .allMatch(violation -> violation.what().startsWith("durable")
                        && violation.what().contains("visible in its zone"));
    }

    private static Result firstToFail(PlantedBug bug) {
        return LongStream.rangeClosed(1, SEEDS_MAX)
                .mapToObj(seed -> Simulation.run(seed, Shape.DEFAULT, bug))
                .filter(result -> !result.held())
                .findFirst()
                .orElseThrow(() -> new AssertionError(SEEDS_MAX + " seeds do not find " + bug));
    }
}
