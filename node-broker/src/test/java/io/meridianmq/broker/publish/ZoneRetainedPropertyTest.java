package io.meridianmq.broker.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.publish.RetainedZone.Seen;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.retained.TopicOrder;
import io.meridianmq.topic.TopicFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A zone of three nodes against one sorted map, through puts, clears, expiry and sweeps at random nodes. */
class ZoneRetainedPropertyTest {

    private static final String[] NAMES = {"", "a", "b", "b!", "c", "$x", "é", "\uFFFD", "\uD83D\uDE00"};
    private static final int NODES = 3;
    private static final int OPERATIONS = 400;

    /** The newest publish of a topic; an empty text for a clear. */
    private record Value(long atMillis, int node, long expiresAtMillis, String text) {
        boolean isOlderThan(long otherAtMillis, int otherNode) {
            return atMillis < otherAtMillis || (atMillis == otherAtMillis && node <= otherNode);
        }
    }

    static List<Long> seeds() {
        var given = System.getProperty("meridian.seed", "");
        return given.isEmpty() ? List.of(1L, 2L, 3L, 4L, 5L, 6L) : List.of(Long.parseLong(given));
    }

    @TempDir
    private Path folder;

    private final Map<String, Value> values = new TreeMap<>(TopicOrder::compare);

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void answersLikeOneSortedMap(long seed) throws Exception {
        var random = new Random(seed);
        try (var zone = new RetainedZone(
                NODES,
                folder,
                store -> RetainedZone.settings(
                        store, Duration.ofMillis(5), 1 + random.nextInt(20), 1 + random.nextInt(100)))) {
            for (var i = 0; i < OPERATIONS; i++) {
                if (random.nextInt(4) == 0) {
                    compare(zone, random);
                } else {
                    publish(zone, random);
                }
                zone.pass(Duration.ofMillis(random.nextInt(10)));
            }
            for (var i = 0; i < 100; i++) {
                compare(zone, random);
            }
            assertThat(zone.missed()).isZero();
        }
    }

    private void publish(RetainedZone zone, Random random) {
        var node = random.nextInt(NODES);
        var topic = topic(random);
        var isClear = random.nextInt(4) == 0;
        var text = isClear ? "" : "v".repeat(random.nextInt(40)) + random.nextInt();
        var expiry = !isClear && random.nextInt(3) == 0 ? zone.nowMillis + random.nextInt(300) : Publication.NEVER;
        var atMillis = zone.nowMillis - random.nextInt(200);
        zone.publish(node, topic, text, atMillis, expiry);
        var known = values.get(topic);
        if (known == null || known.isOlderThan(atMillis, node)) {
            values.put(topic, new Value(atMillis, node, expiry, text));
        }
    }

    private void compare(RetainedZone zone, Random random) {
        var filter = filter(random);
        var expected = new ArrayList<Seen>();
        values.forEach((topic, value) -> {
            if (TopicFilter.of(filter).matches(topic)
                    && !value.text().isEmpty()
                    && zone.nowMillis < value.expiresAtMillis()) {
                expected.add(new Seen(topic, value.text()));
            }
        });
        var found = new ArrayList<Seen>();
        var node = random.nextInt(NODES);
        var afterTopic = "";
        var more = true;
        while (more) {
            var limit = 1 + random.nextInt(8);
            var answered = zone.lookUp(node, filter, afterTopic, limit).join();
            assertThat(answered.found()).hasSizeLessThanOrEqualTo(limit);
            found.addAll(answered.found());
            more = answered.more();
            if (more) {
                assertThat(answered.found()).as("a page to go on from").isNotEmpty();
                afterTopic = answered.found().getLast().topic();
            }
        }
        assertThat(found).as(filter).isEqualTo(expected);
    }

    private static String topic(Random random) {
        var topic = levels(random, NAMES);
        return topic.isEmpty() ? "a" : topic;
    }

    private static String filter(Random random) {
        var text = levels(random, "", "a", "b", "$x", "+", "+", "+");
        return text.isEmpty() ? "#" : random.nextBoolean() ? text + "/#" : text;
    }

    private static String levels(Random random, String... names) {
        var levels = new ArrayList<String>();
        for (var i = random.nextInt(4); i >= 0; i--) {
            levels.add(names[random.nextInt(names.length)]);
        }
        return String.join("/", levels);
    }
}
