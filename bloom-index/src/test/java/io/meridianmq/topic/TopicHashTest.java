package io.meridianmq.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TopicHashTest {

    @Test // These numbers are in digests and between nodes of different versions: they must never change.
    void keepsItsTestVectors() {
        assertThat(hex("a")).isEqualTo("555ab2d1e2334b77");
        assertThat(hex("/")).isEqualTo("629dfbe807d12051");
        assertThat(hex("device/eu/z1/4711/temp")).isEqualTo("d7030d2e351bd0d3");
        assertThat(hex("\u6e29\u5ea6/\ud83d\ude00")).isEqualTo("c1ef478499c3676e");
        assertThat(hex("#")).isEqualTo("4c13353e7ba1dd86");
        assertThat(hex("/#")).isEqualTo("b5712abf2a65a21f");
        assertThat(hex("a/b/#")).isEqualTo("e6156348a0c514ba");
        assertThat(hex("+")).isEqualTo("612e16dc7194ec79");
        assertThat(hex("a/b/+")).isEqualTo("7f6486bdcf06931a");
    }

    private static String hex(String filter) {
        return Long.toHexString(TopicHash.of(TopicFilter.of(filter)));
    }

    @Test
    void aTopicsKeysAreThoseOfTheFiltersThatMatchIt() {
        var seed = TopicTexts.seed(1);
        var random = new SplittableRandom(seed);
        var hashes = new TopicHashes();
        for (var round = 0; round < 200_000; round++) {
            var topic = TopicTexts.topic(random);
            var filter = TopicTexts.filter(random);
            hashes.of(topic);
            var found = switch (filter.shape()) {
                case LITERAL -> hashes.literalHash() == TopicHash.of(filter);
                case PREFIX_HASH -> hasPrefix(hashes, TopicHash.of(filter));
                case PREFIX_PLUS -> hashes.hasPlus() && hashes.plusHash() == TopicHash.of(filter);
                case OTHER -> filter.matches(topic);
            };
            assertThat(found).as("seed %s: %s on %s", seed, filter, topic).isEqualTo(filter.matches(topic));
            if (filter.matches(topic)) {
                assertThat(hasPrefix(hashes, TopicHash.ofLiteralPrefix(filter, 1 + round % 3)))
                        .as("seed %s: literal prefix of %s on %s", seed, filter, topic)
                        .isTrue();
            }
        }
    }

    private static boolean hasPrefix(TopicHashes hashes, long key) {
        for (var depth = hashes.firstDepth(); depth <= hashes.levels(); depth++) {
            if (hashes.prefixHash(depth) == key) {
                return true;
            }
        }
        return false;
    }

    @Test
    void topicsThatDifferLittleHaveDifferentKeys() {
        var keys = new HashSet<Long>();
        for (var i = 0; i < 300_000; i++) {
            keys.add(TopicHash.ofLiteral("device/" + i));
            keys.add(TopicHash.ofLiteral("device/" + i + "/"));
            keys.add(TopicHash.of(TopicFilter.of("device/" + i + "/#")));
            keys.add(TopicHash.of(TopicFilter.of("device/" + i + "/+")));
        }
        assertThat(keys).hasSize(1_200_000);
    }

    @Test
    void oneCharacterChangesHalfOfTheBits() {
        var random = new SplittableRandom(2);
        var flips = new int[64];
        var rounds = 20_000;
        for (var round = 0; round < rounds; round++) {
            var a = "plant/" + random.nextInt(1000) + "/line/" + random.nextInt(10);
            var at = random.nextInt(a.length());
            var b = a.substring(0, at) + (char) (a.charAt(at) ^ 1 << random.nextInt(7)) + a.substring(at + 1);
            var difference = TopicHash.ofLiteral(a) ^ TopicHash.ofLiteral(b);
            for (var bit = 0; bit < 64; bit++) {
                flips[bit] += (int) (difference >>> bit & 1);
            }
        }
        for (var bit = 0; bit < 64; bit++) {
            assertThat(flips[bit] / (double) rounds).as("bit %d", bit).isBetween(0.47, 0.53);
        }
    }

    @Test
    void growsForTheDeepestTopic() {
        var deep = "/".repeat(65_535);
        var hashes = new TopicHashes().of(deep);
        assertThat(hashes.levels()).isEqualTo(65_536);
        assertThat(hashes.literalHash()).isEqualTo(TopicHash.ofLiteral(deep));
        assertThat(hashes.of("a").levels()).isEqualTo(1);
    }

    @Test
    void filtersOfOtherShapesHaveNoKey() {
        var filter = TopicFilter.of("a/+/b");
        assertThatThrownBy(() -> TopicHash.of(filter)).hasMessageContaining("a/+/b has no key");
    }
}
