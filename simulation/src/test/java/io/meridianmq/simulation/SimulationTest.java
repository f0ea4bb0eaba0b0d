package io.meridianmq.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final int SEEDS = 20;

    private final long firstSeed = Long.getLong("meridian.seed", 1L);

    @Test
    void whateverHappensTheInvariantsHold() {
        for (var seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
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
}
