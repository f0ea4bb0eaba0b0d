package io.meridianmq.core.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NumbersTest {

    private static final long SEED = Long.getLong("meridian.seed", 1L);

    @Test
    void isTheSetOfWhatWasAddedAndNotRemoved() {
        var random = new Random(SEED);
        var numbers = new Numbers();
        var model = new TreeSet<Long>();
        var next = 1L;
        for (var step = 0; step < 200_000; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    next += random.nextInt(3);
                    numbers.add(next);
                    model.add(next);
                }
                case 4 -> {
                    var some = Math.max(1, next - random.nextInt(10_000));
                    numbers.add(some);
                    model.add(some);
                }
                case 5, 6, 7, 8 -> {
                    var some = random.nextBoolean() && !model.isEmpty() ? model.first() : next - random.nextInt(50);
                    numbers.remove(some);
                    model.remove(some);
                }
                default -> {
                    var floor = model.isEmpty() ? next : model.first() + random.nextInt(20);
                    numbers.removeBelow(floor);
                    model.headSet(floor).clear();
                }
            }
            assertThat(numbers.isEmpty()).as("seed %d, step %d", SEED, step).isEqualTo(model.isEmpty());
            if (!model.isEmpty()) {
                assertThat(numbers.lowest()).as("seed %d, step %d", SEED, step).isEqualTo(model.first());
            }
            var some = next - random.nextInt(100);
            assertThat(numbers.contains(some))
                    .as("seed %d, step %d", SEED, step)
                    .isEqualTo(model.contains(some));
        }
    }
}
