package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HolderSetsTest {

    private final HolderSets sets = new HolderSets();

    @Test
    void agreesWithSetsOfNumbersAndKeepsOnlyWhatIsUsed() {
        var seed = Seeds.orElse(5);
        var random = new Random(seed);
        var codes = new int[50];
        var model = new ArrayList<TreeSet<Integer>>();
        for (var i = 0; i < codes.length; i++) {
            model.add(new TreeSet<>());
        }
        for (var step = 0; step < 100_000; step++) {
            var i = random.nextInt(codes.length);
            var member = random.nextInt(12);
            var before = codes[i];
            if (random.nextBoolean()) {
                codes[i] = sets.with(before, member);
                model.get(i).add(member);
            } else if (random.nextInt(10) == 0) {
                codes[i] = sets.without(before, m -> m % 3 == 0);
                model.get(i).removeIf(m -> m % 3 == 0);
            } else {
                codes[i] = sets.without(before, member);
                model.get(i).remove(member);
            }
            if (codes[i] != before) {
                sets.release(before);
            }
            assertThat(members(codes[i])).as(Seeds.message(seed)).containsExactlyElementsOf(model.get(i));
        }
        assertThat(sets.size()).isLessThanOrEqualTo(codes.length);
        for (var code : codes) {
            sets.release(code);
        }
        assertThat(sets.size()).isZero();
    }

    @Test
    void identifierMeansAnotherSetOnlyInALaterEpoch() {
        var code = sets.with(sets.with(FilterHashes.ABSENT, 1), 2);
        var epoch = sets.epoch();
        sets.release(code);
        assertThat(sets.members(code)).containsExactly(1, 2);
        for (var i = 3; sets.epoch() == epoch; i++) {
            assertThat(sets.members(code)).containsExactly(1, 2);
            sets.release(sets.with(sets.with(FilterHashes.ABSENT, 1), i));
            assertThat(i).isLessThan(10_000);
        }
        // In the later epoch the identifier is used again: without the epoch a reader would take one for the other.
        assertThat(sets.members(code)).isNotEqualTo(new int[] {1, 2});
    }

    private List<Integer> members(int code) {
        if (code == FilterHashes.ABSENT) {
            return List.of();
        }
        if (HolderSets.isOne(code)) {
            return List.of(HolderSets.one(code));
        }
        var members = new ArrayList<Integer>();
        for (var member : sets.members(code)) {
            members.add(member);
        }
        return members;
    }
}
