package io.meridianmq.digest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import io.meridianmq.topic.TopicTexts;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BloomBitsTest {

    @Test
    void answersAsGuavaDoes() {
        var seed = TopicTexts.seed(11);
        var random = new SplittableRandom(seed);
        for (var round = 0; round < 60; round++) {
            var room = 1 + random.nextInt(1 << random.nextInt(1, 16));
            var rate = random.nextDouble(0.0005, 0.3);
            var guava = BloomFilter.create(Funnels.longFunnel(), room, rate);
            for (var i = 0; i < room; i++) {
                guava.put(random.nextLong());
            }
            var bits = BloomBits.copyOf(guava);
            for (var i = 0; i < 5_000; i++) {
                var key = random.nextLong() >> random.nextInt(64);
                assertThat(bits.mightContain(key))
                        .as("seed %s, key %s", seed, key)
                        .isEqualTo(guava.mightContain(key));
            }
        }
    }

    @Test
    void setsTheBitsThatGuavaSets() {
        var seed = TopicTexts.seed(12);
        var random = new SplittableRandom(seed);
        var guava = BloomFilter.create(Funnels.longFunnel(), 5_000, 0.01);
        var bits = BloomBits.copyOf(guava);
        for (var i = 0; i < 5_000; i++) {
            var key = random.nextLong();
            guava.put(key);
            bits.put(key);
        }
        assertThat(bits.words())
                .as("seed %s", seed)
                .isEqualTo(BloomBits.copyOf(guava).words());
    }
}
