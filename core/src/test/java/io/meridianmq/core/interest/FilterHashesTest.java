package io.meridianmq.core.interest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilterHashesTest {

    @Test
    void agreesWithAMapThroughGrowthAndShrinking() {
        var seed = Seeds.orElse(11);
        var random = new Random(seed);
        var hashes = new FilterHashes();
        var model = new HashMap<Long, Integer>();
        // Few segments, so that segments are copied often; key 0 among them.
        var keys = new long[4_000];
        for (var i = 1; i < keys.length; i++) {
            keys[i] = random.nextLong() & 0x01FF_FFFF_FFFF_FFFFL;
        }
        for (var step = 0; step < 400_000; step++) {
            var key = keys[random.nextInt(keys.length)];
            var growing = step / 50_000 % 2 == 0;
            if (random.nextInt(10) < (growing ? 7 : 2)) {
                var value = 1 + random.nextInt(1_000) * (random.nextBoolean() ? 1 : -1);
                value = value == 0 ? -5 : value;
                hashes.put(key, value);
                model.put(key, value);
            } else {
                hashes.remove(key);
                model.remove(key);
            }
            assertThat(hashes.size()).as(Seeds.message(seed)).isEqualTo(model.size());
        }
        for (var key : keys) {
            assertThat(hashes.get(key)).as(Seeds.message(seed)).isEqualTo(model.getOrDefault(key, FilterHashes.ABSENT));
        }
        assertThat(entries(hashes)).as(Seeds.message(seed)).isEqualTo(model);
        for (var i = 0; i < FilterHashes.SEGMENTS; i++) {
            assertThat(hashes.verify(i)).as(Seeds.message(seed)).isTrue();
        }
    }

    @Test
    void keepsNothingOfWhatIsGone() {
        var hashes = new FilterHashes();
        var empty = bytes(hashes);
        var random = new Random(1);
        for (var i = 0; i < 50_000; i++) {
            var key = random.nextLong();
            hashes.put(key, 1);
            hashes.remove(key);
        }
        assertThat(hashes.isEmpty()).isTrue();
        assertThat(bytes(hashes)).isEqualTo(empty);
    }

    @Test
    void noticesAnEntryThatChangedByItself() {
        var hashes = new FilterHashes();
        hashes.put(42, 7);
        damage(hashes, 42);
        assertThat(hashes.get(42)).isEqualTo(FilterHashes.ABSENT);
        assertThat(hashes.verify(FilterHashes.indexOf(42))).isFalse();
        assertThat(hashes.verify(FilterHashes.indexOf(42))).isTrue();
        assertThat(hashes.size()).isZero();
    }

    /** Makes an entry disappear behind the table's back. */
    static void damage(FilterHashes hashes, long key) {
        var segment = hashes.segment(FilterHashes.indexOf(key));
        var slot = FilterHashes.find(segment, key);
        assertThat(FilterHashes.isLive(segment, slot)).isTrue();
        segment.values[slot] = FilterHashes.REMOVED;
    }

    /** The bytes of all arrays. */
    static long bytes(FilterHashes hashes) {
        var bytes = 0L;
        for (var i = 0; i < FilterHashes.SEGMENTS; i++) {
            var segment = hashes.segment(i);
            bytes += 32L + 8L * segment.keys.length + 4L * segment.values.length + 40;
        }
        return bytes + 4L * FilterHashes.SEGMENTS;
    }

    private static Map<Long, Integer> entries(FilterHashes hashes) {
        var entries = new HashMap<Long, Integer>();
        for (var i = 0; i < FilterHashes.SEGMENTS; i++) {
            hashes.forEach(i, entries::put);
        }
        return entries;
    }
}
