package io.meridianmq.core.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SettledTest {

    private final Settled settled = new Settled();

    @Test
    void theHighestIsTheOneBeforeTheFirstGap() {
        assertThat(settled.add(2)).isFalse();
        assertThat(settled.add(4)).isFalse();
        assertThat(settled.highest()).isZero();
        assertThat(settled.add(1)).isTrue();
        assertThat(settled.highest()).isEqualTo(2);
        settled.upTo(3);
        assertThat(settled.highest()).isEqualTo(4);
        assertThat(settled.add(4)).isFalse();
    }

    @Test
    void agreesWithASetOfNumbersInAnyOrder() {
        var seed = Long.getLong("meridian.seed", 1);
        var random = new Random(seed);
        for (var round = 0; round < 5; round++) {
            var mine = new Settled();
            var model = new TreeSet<Long>();
            var numbers = new ArrayList<Long>();
            for (var number = 1L; number <= 5_000; number++) {
                numbers.add(number);
            }
            // Blocks in disorder, as acknowledgements of several lanes come.
            for (var from = 0; from < numbers.size(); from += 500) {
                Collections.shuffle(numbers.subList(from, Math.min(from + 2_000, numbers.size())), random);
            }
            for (var number : numbers) {
                if (random.nextInt(1_000) == 0) {
                    var upTo = random.nextLong(5_000);
                    mine.upTo(upTo);
                    for (var i = 1L; i <= upTo; i++) {
                        model.add(i);
                    }
                }
                mine.add(number);
                model.add(number);
                if (random.nextInt(50) == 0) {
                    assertThat(mine.highest()).as("meridian.seed=%d", seed).isEqualTo(highest(model));
                }
            }
            assertThat(mine.highest()).isEqualTo(5_000);
        }
    }

    private static long highest(SortedSet<Long> model) {
        var highest = 0L;
        for (var number : model) {
            if (number != highest + 1) {
                break;
            }
            highest = number;
        }
        return highest;
    }
}
