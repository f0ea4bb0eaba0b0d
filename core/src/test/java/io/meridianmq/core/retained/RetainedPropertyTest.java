package io.meridianmq.core.retained;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.retained.RetainedPlatform.Seen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code last-value}: puts and clears at random nodes with clocks that differ, while frames get lost, nodes are killed and
 * return, and zones and regions are cut off. When all has healed and is quiet, everybody everywhere finds the same value of
 * each topic, none older than the newest that was acknowledged, and each lies at the owner and the copy of its home and
 * nowhere else.
 */
class RetainedPropertyTest {

    private static final long SECOND = RetainedPlatform.SECOND;
    private static final long MILLI = RetainedPlatform.MILLI;
    private static final List<String> TOPICS = List.of(
            "a",
            "a/b",
            "a/b/c",
            "plant/1",
            "plant/2",
            "plant/3",
            "$x/y",
            "/lead",
            "device/r1/z1/k",
            "device/r1/z2/k",
            "device/r2/z1/k",
            "device/r2/z9/k",
            "device/r9/z1/k",
            "region/r1/news",
            "region/r2/zone/z2/news");

    /** One publish and what became of it. */
    private record Put(Publication publication, List<Integer> codes) {
        boolean isAcknowledged() {
            return codes.equals(List.of(0));
        }
    }

    static List<Long> seeds() {
        var given = System.getProperty("meridian.seed", "");
        return given.isEmpty() ? List.of(1L, 2L, 29L) : List.of(Long.parseLong(given));
    }

    private final TreeMap<String, List<Put>> puts = new TreeMap<>(TopicOrder::compare);

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void everybodyEndsOnTheNewestValue(long seed) {
        var random = new Random(seed);
        var platform = RetainedPlatform.of(random, 2, 2, 3);
        churn(platform, random);
        platform.heal();
        platform.run(150 * SECOND);
        for (var topic : TOPICS) {
            check(platform, topic);
        }
        for (var node : platform.running()) {
            assertThat(platform.lookUp(node, "#"))
                    .as("everything from %s", node)
                    .isEqualTo(platform.lookUp(platform.running().getFirst(), "#"));
            assertThat(platform.figures(node))
                    .as("what waits at %s", node)
                    .extracting(RetainedFigures::putsUnderWay, RetainedFigures::outbox, RetainedFigures::slotsDue)
                    .containsExactly(0, 0, 0);
        }
    }

    private void churn(RetainedPlatform platform, Random random) {
        platform.lose(0.02);
        for (var i = 0; i < 600; i++) {
            platform.run((long) (random.nextDouble() * 100 * MILLI));
            var dice = random.nextInt(100);
            if (dice < 90) {
                put(platform, random);
            } else if (dice < 94) {
                cutSomething(platform, random);
            } else if (dice < 97 && platform.running().size() > 6) {
                var node = any(platform.running(), random);
                platform.kill(node);
                platform.at(random.nextLong(15 * SECOND), () -> platform.start(node));
            }
        }
    }

    private void put(RetainedPlatform platform, Random random) {
        var node = any(platform.running(), random);
        var topic = any(TOPICS, random);
        var text = random.nextInt(4) == 0 ? "" : "v" + random.nextInt();
        var publication = platform.publication(node, topic, text, platform.nowMillis() - random.nextInt(300));
        puts.computeIfAbsent(topic, _ -> new ArrayList<>()).add(new Put(publication, platform.put(node, publication)));
    }

    private static void cutSomething(RetainedPlatform platform, Random random) {
        var node = any(platform.running(), random);
        var place = switch (random.nextInt(3)) {
            case 0 -> node;
            case 1 -> node.inZone();
            default -> node.inRegion();
        };
        platform.cutOff(place);
        platform.at(random.nextLong(6 * SECOND), () -> platform.join(place));
    }

    private void check(RetainedPlatform platform, String topic) {
        var made = puts.getOrDefault(topic, List.of());
        var found = new ArrayList<List<Seen>>();
        platform.running().forEach(node -> found.add(platform.lookUp(node, topic)));
        assertThat(found.stream().distinct()).as("what is found of %s", topic).hasSize(1);
        var newest = made.stream()
                .filter(Put::isAcknowledged)
                .map(Put::publication)
                .max(Comparator.comparing(RetainedVersion::of));
        var candidates = made.stream()
                .map(Put::publication)
                .filter(publication -> isNotOlder(publication, newest))
                .map(RetainedPlatform::seen)
                .map(seen -> seen.text().isEmpty() ? List.<Seen>of() : List.of(seen))
                .toList();
        if (newest.isPresent()) {
            assertThat(candidates).as("values of %s", topic).contains(found.getFirst());
        }
        var holders = platform.places().stream()
                .filter(place -> platform.disk(place).get(topic).isPresent())
                .toList();
        var homes = topic.matches("device/r[12]/.*|region/.*") ? 1 : 2;
        assertThat(holders).as("disks with %s", topic).hasSizeLessThanOrEqualTo(2 * homes);
        if (newest.isPresent()) {
            assertThat(holders).as("disks with %s", topic).hasSize(2 * homes);
        }
    }

    private static boolean isNotOlder(Publication publication, Optional<Publication> newest) {
        return newest.isEmpty() || RetainedVersion.of(publication).compareTo(RetainedVersion.of(newest.get())) >= 0;
    }

    private static <T> T any(List<T> things, Random random) {
        return things.get(random.nextInt(things.size()));
    }
}
