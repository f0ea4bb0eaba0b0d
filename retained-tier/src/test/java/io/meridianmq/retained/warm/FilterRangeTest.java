package io.meridianmq.retained.warm;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.topic.TopicFilter;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FilterRangeTest {

    @Test
    void keysAreInTheOrderOfLevels() {
        var keys = new TreeSet<byte[]>(Arrays::compareUnsigned);
        for (var topic : List.of("a/b!", "a/b/c", "a/b", "a/b/", "a", "a!", "/a", "a/é/x", "a/é")) {
            keys.add(TopicKey.of(topic));
        }
        assertThat(keys.stream().map(TopicKey::topic))
                .containsExactly("/a", "a", "a/b", "a/b/", "a/b/c", "a/b!", "a/é", "a/é/x", "a!");
    }

    @Test
    void theRangeOfAPrefixHoldsThePrefixItselfAndNoSibling() {
        var range = new FilterRange(TopicFilter.of("a/b/#"));
        assertThat(inRange(range, "a/b")).isTrue();
        assertThat(inRange(range, "a/b/c/d")).isTrue();
        assertThat(inRange(range, "a/b!")).isFalse();
        assertThat(inRange(range, "a/a")).isFalse();
    }

    @Test
    void aChildThatCannotMatchIsSkippedWithAllBelowIt() {
        var range = new FilterRange(TopicFilter.of("a/+/c"));
        assertThat(next(range, "a/x/a")).isEqualTo("a/x/c");
        assertThat(next(range, "a/x/d/e")).isEqualTo("a/x\u0001");
        assertThat(next(range, "a/x/c/d")).isEqualTo("a/x/c\u0001");
        assertThat(range.check(TopicKey.of("a/x"))).isEqualTo(FilterRange.Step.NEXT);
        assertThat(range.check(TopicKey.of("a/x/c"))).isEqualTo(FilterRange.Step.MATCH);
    }

    @Test
    void leadingWildcardsSkipReservedTopics() {
        // [MQTT-4.7.2-1]
        assertThat(next(new FilterRange(TopicFilter.of("#")), "$SYS/x")).isEqualTo("%");
        assertThat(next(new FilterRange(TopicFilter.of("+/x")), "$SYS/x")).isEqualTo("%");
        assertThat(new FilterRange(TopicFilter.of("$SYS/+")).check(TopicKey.of("$SYS/x")))
                .isEqualTo(FilterRange.Step.MATCH);
    }

    private static String next(FilterRange range, String topic) {
        assertThat(range.check(TopicKey.of(topic))).isEqualTo(FilterRange.Step.SEEK);
        return TopicKey.topic(range.target());
    }

    private static boolean inRange(FilterRange range, String topic) {
        var key = TopicKey.of(topic);
        return Arrays.compareUnsigned(key, range.start()) >= 0 && Arrays.compareUnsigned(key, range.end()) < 0;
    }
}
