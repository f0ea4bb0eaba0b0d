package io.meridianmq.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicTexts;
import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CoverTrieTest {

    @ParameterizedTest
    @CsvSource({
        "#, a/+, true",
        "#, $SYS/+, false",
        "#, +/x, true",
        "+/x, $SYS/x, false",
        "$SYS/#, $SYS/+/x, true",
        "a/#, a, true",
        "a/#, a/#, true",
        "a/#, a/+/#, true",
        "a/+/#, a/#, false",
        "a/+, a/b, true",
        "a/+, a/#, false",
        "+/#, +, true",
        "+/+, +/#, false",
        "a/b, a/+, false",
    })
    void coversAsTheRulesSay(String broad, String narrow, boolean covers) {
        var trie = new CoverTrie();
        trie.add(TopicFilter.of(broad));
        assertThat(trie.covers(TopicFilter.of(narrow))).isEqualTo(covers);
        var other = new CoverTrie();
        other.add(TopicFilter.of(narrow));
        assertThat(other.coveredBy(TopicFilter.of(broad)).size()).isEqualTo(covers ? 1 : 0);
    }

    @Test
    void agreesWithItselfBothWaysAndWithMatching() {
        var seed = TopicTexts.seed(13);
        var random = new SplittableRandom(seed);
        var trie = new CoverTrie();
        var model = new HashSet<TopicFilter>();
        for (var round = 0; round < 4_000; round++) {
            var filter = TopicTexts.filter(random);
            if (random.nextInt(3) > 0) {
                assertThat(trie.add(filter)).isEqualTo(model.add(filter));
            } else {
                assertThat(trie.remove(filter)).isEqualTo(model.remove(filter));
            }
            if (round % 20 == 0) {
                var asked = TopicTexts.filter(random);
                var topic = TopicTexts.topic(random);
                var covered = trie.coveredBy(asked);
                assertThat(covered)
                        .as("seed %s: covered by %s", seed, asked)
                        .containsExactlyInAnyOrderElementsOf(
                                model.stream().filter(one -> covers(asked, one)).toList());
                assertThat(trie.covers(asked))
                        .as("seed %s: covers %s", seed, asked)
                        .isEqualTo(model.stream().anyMatch(one -> covers(one, asked)));
                if (covered.stream().anyMatch(one -> one.matches(topic))) {
                    assertThat(asked.matches(topic))
                            .as("seed %s: %s on %s", seed, asked, topic)
                            .isTrue();
                }
            }
        }
        assertThat(trie.size()).isEqualTo(model.size());
        model.forEach(trie::remove);
        assertThat(trie.coveredBy(TopicFilter.of("#"))).isEmpty();
        assertThat(trie.size()).isZero();
    }

    private static boolean covers(TopicFilter broad, TopicFilter narrow) {
        var trie = new CoverTrie();
        trie.add(broad);
        return trie.covers(narrow);
    }

    @Test
    void takesFiltersOfManyLevels() {
        var trie = new CoverTrie();
        var deep = TopicFilter.of("+/".repeat(30_000) + "#");
        trie.add(deep);
        assertThat(trie.coveredBy(TopicFilter.of("#"))).containsExactly(deep);
        assertThat(trie.covers(TopicFilter.of("a/".repeat(30_000) + "+"))).isTrue();
        assertThat(trie.remove(deep)).isTrue();
    }
}
