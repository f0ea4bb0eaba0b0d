package io.meridianmq.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

final class OpenTableTest {

    @Test
    void holdsWhatWasAddedAndNotRemovedThroughGrowthSplitsAndShrinking() {
        churn(20_000, Object::hashCode);
    }

    @Test
    void staysRightWhenHashesCollide() {
        churn(600, element -> element.hashCode() & 0x8000_0003);
    }

    @Test
    void doublesWhereSplittingSeparatesNothing() {
        var table = new OpenTable<Object>(element -> -1);
        for (var i = 0; i < OpenTable.SEGMENT_SLOTS_MAX; i++) {
            table.add(i);
        }
        assertThat(contents(table)).hasSize(OpenTable.SEGMENT_SLOTS_MAX).doesNotHaveDuplicates();
    }

    private static void churn(int count, ToIntFunction<Object> number) {
        var seed = TopicTexts.seed(3);
        var random = new SplittableRandom(seed);
        var table = new OpenTable<Object>(element -> ValueSet.mix(number.applyAsInt(element)));
        var model = new HashSet<Object>();
        var all = new ArrayList<Object>();
        for (var i = 0; i < count; i++) {
            all.add(i);
        }
        for (var wave : new int[] {30, 70, 45, 98, 1}) {
            for (var round = 0; round < 2 * count; round++) {
                var element = all.get(random.nextInt(count));
                var wanted = random.nextInt(100) < wave;
                if (wanted && model.add(element)) {
                    table.add(element);
                } else if (!wanted) {
                    assertThat(table.remove(element)).isEqualTo(model.remove(element));
                }
            }
            assertThat(table.size()).as("seed %s", seed).isEqualTo(model.size());
            assertThat(contents(table)).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(model);
        }
        for (var element : model) {
            assertThat(table.remove(element)).isTrue();
        }
        assertThat(contents(table)).isEmpty();
    }

    private static List<Object> contents(OpenTable<Object> table) {
        var found = new ArrayList<Object>();
        table.forEach(found::add);
        return found;
    }
}
