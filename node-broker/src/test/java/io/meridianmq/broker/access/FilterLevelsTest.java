package io.meridianmq.broker.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All filters and topics of up to three levels over a small alphabet, against what the specification says of one topic. */
final class FilterLevelsTest {

    private static final List<String> WORDS = List.of("a", "b", "", "$x");

    /**
     * One level more than filters have, since {@code #} reaches below, and one word more, since {@code +} takes any. The
     * empty topic, to which nobody can publish, is as good as others here.
     */
    private static final List<String> TOPICS = combinations(List.of("a", "b", "c", "", "$x"), 4);

    private static final List<String> FILTERS = filters();

    @Test
    void matchesWhatTheSpecificationSays() {
        for (var filter : FILTERS) {
            var levels = FilterLevels.of(filter);
            var reference = TopicFilter.of(filter);
            for (var topic : TOPICS) {
                assertThat(levels.matches(topic)).as("%s, %s", filter, topic).isEqualTo(reference.matches(topic));
            }
        }
    }

    @Test
    void coversExactlyWhatIsMatchedWhollyAndMeetsWhatIsMatchedInPart() {
        var matched = FILTERS.stream()
                .map(filter ->
                        TOPICS.stream().filter(FilterLevels.of(filter)::matches).toList())
                .toList();
        for (var i = 0; i < FILTERS.size(); i++) {
            var one = FilterLevels.of(FILTERS.get(i));
            for (var j = 0; j < FILTERS.size(); j++) {
                var other = FilterLevels.of(FILTERS.get(j));
                var common = matched.get(i).stream().filter(other::matches).toList();
                assertThat(one.covers(other))
                        .as("%s covers %s", one, other)
                        .isEqualTo(common.size() == matched.get(j).size());
                assertThat(one.meets(other)).as("%s meets %s", one, other).isEqualTo(!common.isEmpty());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"a/#, a, true", "#, $SYS/x, false", "+/x, $SYS/x, false", "$SYS/#, $SYS/a/b, true", "+/#, #, true"})
    void coversTheCasesThatAreEasilyForgotten(String one, String other, boolean covers) {
        assertThat(FilterLevels.of(one).covers(FilterLevels.of(other))).isEqualTo(covers);
    }

    private static List<String> filters() {
        var words = new ArrayList<>(WORDS);
        words.add("+");
        var filters = new ArrayList<>(combinations(words, 3));
        combinations(words, 2).forEach(filter -> filters.add(filter + "/#"));
        filters.add("#");
        filters.remove("");
        return filters;
    }

    /** All texts of one to so many levels. */
    private static List<String> combinations(List<String> words, int levelsMax) {
        var all = new ArrayList<>(words);
        var longest = words;
        for (var levels = 2; levels <= levelsMax; levels++) {
            longest = longest.stream()
                    .flatMap(begin -> words.stream().map(word -> begin + "/" + word))
                    .toList();
            all.addAll(longest);
        }
        return all;
    }
}
