package io.meridianmq.retained.warm;

import static io.meridianmq.retained.warm.WarmFixtures.NOW;
import static io.meridianmq.retained.warm.WarmFixtures.message;
import static io.meridianmq.retained.warm.WarmFixtures.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.core.retained.TopicOrder;
import io.meridianmq.retained.RetainedEntry;
import io.meridianmq.retained.RetainedMessage;
import io.meridianmq.retained.RetainedTombstone;
import io.meridianmq.topic.TopicFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tier against a sorted map that is searched with the plain matcher, through puts, clears, expiry, sweeps and reopening. */
class WarmTierPropertyTest {

    private static final String[] NAMES = {"", "a", "b", "b!", "b\u0001", "c", "$x", "é", "\uD83D\uDE00"};
    private static final int OPERATIONS = 600;

    static List<Long> seeds() {
        var given = System.getProperty("meridian.seed", "");
        return given.isEmpty() ? List.of(1L, 2L, 3L, 4L, 5L, 6L) : List.of(Long.parseLong(given));
    }

    @TempDir
    private Path folder;

    private final AtomicLong nowMillis = new AtomicLong(NOW);

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void answersLikeASortedMap(long seed) throws Exception {
        var random = new Random(seed);
        var values = new TreeMap<byte[], RetainedMessage>(Arrays::compareUnsigned);
        var versions = new HashMap<String, RetainedVersion>();
        var tier = open(random);
        for (var i = 0; i < OPERATIONS; i++) {
            nowMillis.addAndGet(random.nextInt(20));
            switch (random.nextInt(12)) {
                case 0 -> clear(tier, topic(random), random, values, versions);
                case 1 -> compareScan(tier, filter(random), random, values);
                case 2 -> compareVersions(tier, filter(random), random, values, versions);
                case 3 -> tier.sweepRound();
                case 4 -> {
                    if (random.nextInt(10) == 0) {
                        tier.close();
                        tier = open(random);
                    }
                }
                default -> put(tier, topic(random), random, values, versions);
            }
        }
        for (var i = 0; i < 100; i++) {
            compareScan(tier, filter(random), random, values);
            compareVersions(tier, filter(random), random, values, versions);
            var topic = topic(random);
            assertThat(tier.get(topic))
                    .isEqualTo(Optional.ofNullable(values.get(TopicKey.of(topic)))
                            .filter(message -> !message.isExpired(nowMillis.get())));
        }
        tier.close();
    }

    private WarmTier open(Random random) throws Exception {
        var plain = settings(folder);
        return WarmTier.open(
                new WarmSettings(
                        plain.store(),
                        plain.diskBytesMax(),
                        Duration.ofHours(24),
                        Duration.ofMillis(1 + random.nextInt(20)),
                        3,
                        1 + random.nextInt(40),
                        1 + random.nextInt(1_000)),
                () -> Instant.ofEpochMilli(nowMillis.get()));
    }

    private void put(
            WarmTier tier,
            String topic,
            Random random,
            SortedMap<byte[], RetainedMessage> values,
            Map<String, RetainedVersion> versions) {
        var expiry = random.nextInt(3) == 0 ? nowMillis.get() + random.nextInt(300) : Publication.NEVER;
        var message = message(topic, nowMillis.get() - random.nextInt(200), "v".repeat(random.nextInt(60)), expiry);
        var newest = isNewest(message.version(), topic, versions);
        assertThat(WarmFixtures.put(tier, message)).isEqualTo(newest ? PutOutcome.STORED : PutOutcome.SUPERSEDED);
        if (newest) {
            values.put(TopicKey.of(topic), message);
        }
    }

    private void clear(
            WarmTier tier,
            String topic,
            Random random,
            SortedMap<byte[], RetainedMessage> values,
            Map<String, RetainedVersion> versions) {
        var atMillis = nowMillis.get() - random.nextInt(200);
        var newest = isNewest(WarmFixtures.version(atMillis), topic, versions);
        assertThat(WarmFixtures.clear(tier, topic, atMillis))
                .isEqualTo(newest ? PutOutcome.STORED : PutOutcome.SUPERSEDED);
        if (newest) {
            values.remove(TopicKey.of(topic));
        }
    }

    private static boolean isNewest(RetainedVersion version, String topic, Map<String, RetainedVersion> versions) {
        var known = versions.get(topic);
        if (known != null && known.compareTo(version) >= 0) {
            return false;
        }
        versions.put(topic, version);
        return true;
    }

    private void compareScan(
            WarmTier tier, TopicFilter filter, Random random, SortedMap<byte[], RetainedMessage> values) {
        var expected = values.values().stream()
                .filter(message -> filter.matches(message.topic()) && !message.isExpired(nowMillis.get()))
                .toList();
        var found = new ArrayList<RetainedMessage>();
        var after = Optional.<String>empty();
        do {
            var limit = 1 + random.nextInt(20);
            var page = tier.scan(filter, after, limit);
            assertThat(page.messages()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(page.messages());
            after = page.next();
        } while (after.isPresent());
        assertThat(found).as("%s", filter).isEqualTo(expected);
    }

    private void compareVersions(
            WarmTier tier,
            TopicFilter filter,
            Random random,
            SortedMap<byte[], RetainedMessage> values,
            Map<String, RetainedVersion> versions) {
        var expected = new ArrayList<RetainedEntry>();
        versions.forEach((topic, version) -> {
            if (filter.matches(topic)) {
                var value = values.get(TopicKey.of(topic));
                expected.add(
                        value != null && !value.isExpired(nowMillis.get())
                                ? value
                                : new RetainedTombstone(topic, version));
            }
        });
        expected.sort(Comparator.comparing(RetainedEntry::topic, TopicOrder::compare));
        var found = new ArrayList<RetainedEntry>();
        var after = Optional.<String>empty();
        do {
            var limit = 1 + random.nextInt(20);
            var page = tier.scanVersions(filter, after, limit);
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(page.entries());
            after = page.next();
        } while (after.isPresent());
        assertThat(found).as("%s", filter).isEqualTo(expected);
    }

    private static String topic(Random random) {
        var topic = levels(random, NAMES);
        return topic.isEmpty() ? "a" : topic;
    }

    private static TopicFilter filter(Random random) {
        var text = levels(random, "", "a", "b", "$x", "+", "+", "+");
        var hash = random.nextBoolean();
        return TopicFilter.of(text.isEmpty() ? "#" : hash ? text + "/#" : text);
    }

    private static String levels(Random random, String... names) {
        var levels = new ArrayList<String>();
        for (var i = random.nextInt(4); i >= 0; i--) {
            levels.add(names[random.nextInt(names.length)]);
        }
        return String.join("/", levels);
    }
}
