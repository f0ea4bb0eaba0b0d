package io.meridianmq.retained.warm;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.retained.TopicOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicOrderTest {

    private static final long SEED = Long.getLong("meridian.seed", 20_261_122L);

    /** A separator, its neighbours, and characters of each length in UTF-8 on both sides of the surrogates. */
    private static final String[] CHARACTERS = {
        "/", "a", "b", "!", ".", "0", "\u0001", "é", "\uD7FF", "\uE000", "\uFFFD", "\uD83D\uDE00", "\uDBFF\uDFFD"
    };

    @Test
    void levelsComeBeforeCharacters() {
        var ordered = List.of("/a", "a", "a/", "a/b", "a/b/", "a/b/c", "a/b!", "a/é", "a!", "\uE000", "\uD83D\uDE00");
        assertThat(ordered.stream().sorted(TopicOrder::compare)).isEqualTo(ordered);
        assertThat(ordered.reversed().stream().sorted(TopicOrder::compare)).isEqualTo(ordered);
    }

    @Test
    void isTheOrderOfTheKeysOnDisk() {
        var random = new Random(SEED);
        for (var i = 0; i < 20_000; i++) {
            var one = topic(random);
            var other = topic(random);
            assertThat(Integer.signum(TopicOrder.compare(one, other)))
                    .as("%s and %s, meridian.seed=%d", one, other, SEED)
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(TopicKey.of(one), TopicKey.of(other))));
        }
    }

    private static String topic(Random random) {
        return random.ints(1 + random.nextInt(4), 0, CHARACTERS.length)
                .mapToObj(i -> CHARACTERS[i])
                .collect(Collectors.joining());
    }
}
