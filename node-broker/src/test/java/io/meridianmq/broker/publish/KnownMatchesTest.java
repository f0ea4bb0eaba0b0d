package io.meridianmq.broker.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.DropReason;
import io.meridianmq.core.session.RetainHandling;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.SessionOwner;
import io.meridianmq.core.session.SubscribeResult;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.session.SubscriptionOptions;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownMatchesTest {

    private static final String TOPIC = "plant/7/temperature";

    private final KnownMatches known = new KnownMatches();
    private final SubscriptionTrie<Subscription> trie = new SubscriptionTrie<>();
    private final Fanout fanout = fanout(trie);

    private static LongStream seeds() {
        var given = Long.getLong("meridian.seed");
        return given != null ? LongStream.of(given) : LongStream.range(0, 50);
    }

    @Test
    void aTopicIsKnownFromItsSecondMessageOn() {
        var one = subscription("a", TOPIC);

        assertThat(known.find(TOPIC, 1)).isNull();
        known.add(TOPIC, found(one), 1);
        assertThat(known.find(TOPIC, 1)).isNull();
        known.add(TOPIC, found(one), 1);
        assertThat(known.find(TOPIC, 1)).containsExactly(one);
    }

    @Test
    void thatNobodyWantsATopicIsKnownAsWell() {
        add(1, TOPIC);
        assertThat(known.find(TOPIC, 1)).isEmpty();
    }

    @Test
    void aChangeOfAnySubscriptionMakesAllUnknown() {
        add(1, TOPIC, subscription("a", TOPIC));

        assertThat(known.find("another", 2)).isNull();
        assertThat(known.find(TOPIC, 2)).isNull();
        assertThat(known.find(TOPIC, 1)).isNull();
    }

    @Test
    void manySubscriptionsAreNotRemembered() {
        var many = new Subscription[KnownMatches.SUBSCRIPTIONS_MAX + 1];
        for (var i = 0; i < many.length; i++) {
            many[i] = subscription("client-" + i, TOPIC);
        }
        add(1, TOPIC, many);
        assertThat(known.find(TOPIC, 1)).isNull();

        add(2, TOPIC, many[0], many[1]);
        assertThat(known.find(TOPIC, 2)).containsExactly(many[0], many[1]);
    }

    @Test
    void topicsOfOnePlaceTakeTurns() {
        var other = "BB"; // Its hash code is that of "Aa".
        add(1, "Aa", subscription("a", "Aa"));
        add(1, other, subscription("b", other));

        assertThat(known.find("Aa", 1)).isNull();
        assertThat(known.find(other, 1)).extracting(Subscription::filter).containsExactly(other);
    }

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void messagesAmongChangesFindWhatTheFiltersSay(long seed) {
        var random = new Random(seed);
        var subscribed = new ArrayList<Subscription>();
        for (var step = 0; step < 2_000; step++) {
            var choice = random.nextInt(20);
            if (choice == 0) {
                var added = subscription("client-" + random.nextInt(30), filter(random));
                if (trie.add(TopicFilter.of(added.filter()), added)) {
                    subscribed.add(added);
                }
            } else if (choice == 1 && !subscribed.isEmpty()) {
                var removed = subscribed.remove(random.nextInt(subscribed.size()));
                assertThat(trie.remove(TopicFilter.of(removed.filter()), removed))
                        .isTrue();
            } else {
                var topic = topic(random);
                var expected = subscribed.stream()
                        .filter(one -> TopicFilter.of(one.filter()).matches(topic))
                        .count();
                assertThat(fanout.deliver(publication(topic), Route.ONLY_HERE, Acceptance.NOT_AWAITED))
                        .isEqualTo((int) expected);
            }
        }
    }

    private static String topic(Random random) {
        return "a/" + random.nextInt(3) + "/" + random.nextInt(2);
    }

    private static String filter(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "a/+/" + random.nextInt(2);
            case 1 -> "a/" + random.nextInt(3) + "/#";
            default -> topic(random);
        };
    }

    private void add(long version, String topic, Subscription... subscriptions) {
        for (var message = 0; message < 2; message++) {
            known.find(topic, version);
            known.add(topic, found(subscriptions), subscriptions.length);
        }
    }

    private static Matches[] found(Subscription... subscriptions) {
        var loops = new Matches[] {new Matches(), new Matches()};
        for (var i = 0; i < subscriptions.length; i++) {
            loops[i % 2].add(subscriptions[i]);
        }
        return loops;
    }

    private static Fanout fanout(SubscriptionTrie<Subscription> trie) {
        var loop = new Loop(0, Runnable::run, Runnable::run);
        var loops = new Loops(List.of(loop));
        var metrics = new MessageMetrics(new SimpleMeterRegistry());
        return new Fanout(loops, HandOff.ofLoop(loops, loop), trie, metrics, InstantSource.system());
    }

    private static Subscription subscription(String clientId, String filter) {
        var session = new Session(clientId, 1, 0, () -> SessionLimits.DEFAULT, new Offline());
        var options = new SubscriptionOptions(Qos.AT_MOST_ONCE, false, false, RetainHandling.DO_NOT_SEND, 0);
        return ((SubscribeResult.Subscribed) session.subscribe(filter, options)).subscription();
    }

    private static Publication publication(String topic) {
        return new Publication(
                new PublicationId(1, 1, 1), 1, 0, topic, Qos.AT_MOST_ONCE, false, Publication.NEVER, new NoBytes());
    }

    private record NoBytes() implements PublicationBytes {

        @Override
        public int sizeBytes() {
            return 0;
        }

        @Override
        public PublicationBytes share() {
            return this;
        }

        @Override
        public void release() {}
    }

    /** Its sessions have no connections: messages of QoS 0 are dropped. */
    private static final class Offline implements SessionOwner {

        @Override
        public void ended(Session session) {}

        @Override
        public void presenceChanged(Session session) {}

        @Override
        public void dropped(Session session, DropReason reason) {
            assertThat(reason).isEqualTo(DropReason.OFFLINE);
        }

        @Override
        public void passOn(Publication publication, Subscription subscription) {}

        @Override
        public void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit) {}
    }
}
