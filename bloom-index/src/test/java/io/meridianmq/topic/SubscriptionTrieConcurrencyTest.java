package io.meridianmq.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * The race: readers probe tables and walk the trie while the writer adds and removes neighbours, so that slots are reused
 * and cleared, segments grow, split and shrink, nodes come and go. A subscription that stays must be found by every
 * look-up, and nothing may be found that does not match.
 */
final class SubscriptionTrieConcurrencyTest {

    private static final long WRITING_NANOS = TimeUnit.MILLISECONDS.toNanos(800);
    private static final int STABLE = 2_000;

    private record Subscriber(TopicFilter filter, boolean stable) {}

    private final SubscriptionTrie<Subscriber> trie = new SubscriptionTrie<>();
    private final List<String> topics = new ArrayList<>();
    private final AtomicBoolean writing = new AtomicBoolean(true);

    @Test
    void aSubscriptionThatStaysIsAlwaysFound() throws Exception {
        var seed = TopicTexts.seed(5);
        for (var i = 0; i < STABLE; i++) {
            topics.add("t/" + i + "/x");
            addStable("t/" + i + "/x");
            addStable("t/" + i + "/+");
            addStable("t/" + i + "/x/#");
            addStable("$share/g/t/" + i + "/#");
        }
        try (var threads = Executors.newFixedThreadPool(3)) {
            var readers = List.of(
                    threads.submit(() -> read(new SplittableRandom(seed + 1))),
                    threads.submit(() -> read(new SplittableRandom(seed + 2))));
            var writer = threads.submit(writer(new SplittableRandom(seed)));
            assertThat(writer.get()).as("changes").isGreaterThan(1_000);
            for (var reader : readers) {
                assertThat(reader.get()).as("look-ups").isGreaterThan(1_000);
            }
        }
    }

    private void addStable(String text) {
        var filter = TopicFilter.of(text);
        trie.add(filter, new Subscriber(filter, true));
    }

    private Callable<Integer> writer(SplittableRandom random) {
        return () -> {
            var present = new HashSet<TopicFilter>();
            var changes = 0;
            try {
                for (var end = System.nanoTime() + WRITING_NANOS; System.nanoTime() < end; ) {
                    var adding = random.nextInt(10);
                    for (var i = 0; i < 20_000; i++, changes++) {
                        change(random, random.nextInt(10) < adding, present);
                    }
                }
            } finally {
                writing.set(false);
            }
            return changes;
        };
    }

    private void change(SplittableRandom random, boolean add, Set<TopicFilter> present) {
        var filter = TopicFilter.of(
                switch (random.nextInt(5)) {
                    case 0 -> "t/" + random.nextInt(4 * STABLE) + "/y";
                    case 1 -> "t/" + random.nextInt(4 * STABLE) + "/x/#";
                    case 2 -> "t/+/x";
                    case 3 -> "$share/h/t/" + random.nextInt(4 * STABLE) + "/#";
                    default -> "t/" + random.nextInt(20) + "/" + (random.nextBoolean() ? "x" : "+");
                });
        if (add && present.add(filter)) {
            trie.add(filter, new Subscriber(filter, false));
        } else if (!add && present.remove(filter)) {
            trie.remove(filter, new Subscriber(filter, false));
        }
    }

    private int read(SplittableRandom random) {
        var lookups = 0;
        var stable = new int[1];
        var groups = new int[1];
        for (; writing.get(); lookups++) {
            var topic = topics.get(random.nextInt(STABLE));
            stable[0] = 0;
            groups[0] = 0;
            trie.match(topic, one -> {
                assertThat(one.filter.matches(topic)).isTrue();
                stable[0] += one.stable ? 1 : 0;
            });
            trie.matchGroups(topic, group -> {
                assertThat(group.filter().matches(topic)).isTrue();
                groups[0] += group.members().stream().anyMatch(Subscriber::stable) ? 1 : 0;
            });
            assertThat(stable[0]).as(topic).isEqualTo(3);
            assertThat(groups[0]).as(topic).isEqualTo(1);
        }
        return lookups;
    }
}
