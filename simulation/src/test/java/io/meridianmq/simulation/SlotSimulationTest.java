package io.meridianmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SlotSimulationTest {

    private static final int SEEDS = 10;
    private static final int NODES = 4;
    /** So many are enough to find every planted bug. */
    private static final int SEEDS_MAX = 200;

    private final long firstSeed = Long.getLong("meridian.seed", 1L);
    private final int seeds = Integer.getInteger("meridian.seeds", SEEDS);

    @Test
    void whateverHappensSlotsHaveOneOwnerAndKeepWhatTheyHave() {
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++) {
            var outcome = SlotSimulation.run(seed, NODES, SlotBug.NONE);
            assertThat(outcome.violations()).as("seed %d", seed).isEmpty();
            assertThat(outcome.done()).as("things done with seed %d", seed).isPositive();
        }
    }

    @Test
    void zonesOfOneAndTwoNodesHoldToo() {
        for (var nodes = 1; nodes <= 2; nodes++) {
            assertThat(SlotSimulation.run(firstSeed, nodes, SlotBug.NONE).violations())
                    .as("seed %d, %d nodes", firstSeed, nodes)
                    .isEmpty();
        }
    }

    @Test
    void aSeedGivesTheSameRunAgain() {
        assertThat(SlotSimulation.run(firstSeed, NODES, SlotBug.NONE))
                .isEqualTo(SlotSimulation.run(firstSeed, NODES, SlotBug.NONE));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aPlantedBugIsFound(SlotBug bug) {
        assertThat(LongStream.rangeClosed(1, SEEDS_MAX)
                        .filter(seed -> !SlotSimulation.run(seed, NODES, bug)
                                .violations()
                                .isEmpty())
                        .findFirst())
                .as("%d seeds", SEEDS_MAX)
                .isPresent();
    }
}
