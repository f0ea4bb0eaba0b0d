package io.meridianmq.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class SubscriptionTrieTest {

    private record Subscription(TopicFilter filter, int subscriber) {}

    private final SubscriptionTrie<Integer> trie = new SubscriptionTrie<>();

    @Test
    void findsExactlyWhatTheNaiveMatcherFinds() {
        var seed = TopicTexts.seed(4);
        var random = new SplittableRandom(seed);
        var model = new LinkedHashSet<Subscription>();
        var hashes = new TopicHashes();
        for (var round = 0; round < 30_000; round++) {
            var filter = random.nextInt(4) == 0 ? TopicTexts.sharedFilter(random) : TopicTexts.filter(random);
            var subscription = new Subscription(filter, random.nextInt(12));
            if (random.nextInt(20) < (round < 15_000 ? 12 : 6)) {
                assertThat(trie.add(filter, subscription.subscriber)).isEqualTo(model.add(subscription));
            } else {
                assertThat(trie.remove(filter, subscription.subscriber)).isEqualTo(model.remove(subscription));
            }
            if (round % 10 == 0) {
                var topic = TopicTexts.topic(random);
                var plain = model.stream()
                        .filter(one -> !one.filter.isShared() && one.filter.matches(topic))
                        .map(Subscription::subscriber)
                        .toList();
                var shared = model.stream()
                        .filter(one -> one.filter.isShared() && one.filter.matches(topic))
                        .toList();
                assertThat(match(topic)).as("seed %s: %s", seed, topic).containsExactlyInAnyOrderElementsOf(plain);
                assertThat(matchGroups(topic))
                        .as("seed %s: %s", seed, topic)
                        .containsExactlyInAnyOrderElementsOf(shared);
                var byHashes = new ArrayList<Integer>();
                trie.match(hashes.of(topic), byHashes::add);
                assertThat(byHashes).hasSameSizeAs(plain);
                assertThat(trie.matchesAny(hashes))
                        .as("seed %s: %s", seed, topic)
                        .isEqualTo(!plain.isEmpty());
            }
            assertThat(trie.subscriptionCount()).isEqualTo(model.size());
        }
        for (var one : model) {
            assertThat(trie.contains(one.filter)).isTrue();
            assertThat(trie.remove(one.filter, one.subscriber)).isTrue();
        }
        assertThat(trie.subscriptionCount()).isZero();
        assertThat(trie.entries()).as("entries of subscriptions that ended").isZero();
    }

    private List<Integer> match(String topic) {
        var found = new ArrayList<Integer>();
        trie.match(topic, found::add);
        return found;
    }

    private List<Subscription> matchGroups(String topic) {
        var found = new ArrayList<Subscription>();
        trie.matchGroups(
                topic, group -> group.members().forEach(member -> found.add(new Subscription(group.filter(), member))));
        return found;
    }

    @Test
    void aSubscriberComesOnceForEachOfItsFilters() {
        trie.add(TopicFilter.of("a/b"), 1);
        trie.add(TopicFilter.of("a/+"), 1);
        trie.add(TopicFilter.of("#"), 1);
        assertThat(trie.add(TopicFilter.of("#"), 1)).isFalse();
        assertThat(match("a/b")).containsExactly(1, 1, 1);
    }

    @Test // [MQTT-4.7.2-1]
    void wildcardsAtTheFirstLevelPassReservedTopicsBy() {
        trie.add(TopicFilter.of("#"), 1);
        trie.add(TopicFilter.of("+/x"), 2);
        trie.add(TopicFilter.of("$SYS/#"), 3);
        trie.add(TopicFilter.of("$SYS/+"), 4);
        trie.add(TopicFilter.of("$SYS/x"), 5);
        assertThat(match("$SYS/x")).containsExactlyInAnyOrder(3, 4, 5);
    }

    @Test
    void manySubscribersOfOneFilterComeAndGo() {
        var filter = TopicFilter.of("alarm/+");
        var count = 200_000;
        for (var i = 0; i < count; i++) {
            assertThat(trie.add(filter, i)).isTrue();
        }
        var seen = new int[1];
        trie.match("alarm/fire", one -> seen[0]++);
        assertThat(seen[0]).isEqualTo(count);
        for (var i = 0; i < count; i++) {
            assertThat(trie.remove(filter, i)).isTrue();
        }
        assertThat(trie.entries()).isZero();
    }

    @Test
    void survivesFiltersOfManyLevelsThatBranchEverywhere() {
        var topic = "a/".repeat(2_000) + "a";
        for (var depth = 0; depth < 2_000; depth++) {
            trie.add(TopicFilter.of("+/".repeat(depth) + "a/#"), depth);
        }
        trie.add(TopicFilter.of("+/".repeat(30_000) + "+"), -1);
        assertThat(match(topic)).hasSize(2_000).doesNotHaveDuplicates();
        assertThat(match("b" + "/".repeat(30_000))).containsExactly(-1);
        assertThat(trie.remove(TopicFilter.of("+/".repeat(30_000) + "+"), -1)).isTrue();
    }

    @Test
    void aGroupListsItsMembersAndEndsWithTheLast() {
        var filter = TopicFilter.of("$share/g/a/#");
        trie.add(filter, 1);
        trie.add(filter, 2);
        assertThat(trie.add(filter, 2)).isFalse();
        trie.add(TopicFilter.of("$share/h/a/#"), 3);
        assertThat(match("a/b")).isEmpty();
        assertThat(matchGroups("a/b"))
                .containsExactlyInAnyOrder(
                        new Subscription(filter, 1),
                        new Subscription(filter, 2),
                        new Subscription(TopicFilter.of("$share/h/a/#"), 3));
        assertThat(trie.remove(filter, 1)).isTrue();
        assertThat(trie.remove(filter, 1)).isFalse();
        assertThat(trie.remove(filter, 2)).isTrue();
        assertThat(trie.contains(filter)).isFalse();
        assertThat(matchGroups("a/b")).hasSize(1);
    }

    @Test
    void groupsThatComeBackAfterTheLastHasGoneAreFound() {
        var filter = TopicFilter.of("$share/g/a/+");
        for (var i = 0; i < 2; i++) {
            assertThat(matchGroups("a/b")).isEmpty();
            trie.add(filter, 1);
            assertThat(matchGroups("a/b")).containsExactly(new Subscription(filter, 1));
            trie.remove(filter, 1);
        }
        assertThat(matchGroups("a/b")).isEmpty();
    }

    @Test
    void matchesWithoutAllocating() {
        for (var text : List.of("a/b/c", "a/+/c", "+/+/+", "a/#", "#", "$share/g/a/#")) {
            for (var i = 0; i < 20; i++) {
                trie.add(TopicFilter.of(text), i);
            }
        }
        var hashes = new TopicHashes();
        var found = new int[1];
        MatchSink<Integer> sink = subscriber -> found[0]++;
        MatchSink<SharedGroup<Integer>> groups = group -> found[0]++;
        var bytes = Allocation.bytesPerRun(() -> {
            TopicName.check("a/b/c");
            trie.match("a/b/c", sink);
            trie.matchGroups(hashes.of("a/b/c"), groups);
            found[0] += trie.matchesAny(hashes) ? 1 : 0;
        });
        assertThat(found[0]).isEqualTo(10_100 * (5 * 20 + 1 + 1));
        assertThat(bytes).isLessThan(1);
    }
}
