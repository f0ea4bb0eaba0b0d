package io.meridianmq.broker.publish;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.bench.Messages;
import io.meridianmq.broker.codec.PacketDecoder;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.DropReason;
import io.meridianmq.core.session.Opening;
import io.meridianmq.core.session.RetainHandling;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.SessionOwner;
import io.meridianmq.core.session.SessionPort;
import io.meridianmq.core.session.SubscribeResult;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.session.SubscriptionOptions;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The life of a QoS 0 message inside a node, without packets and channels: match it among 10,000 subscriptions, decide
 * about each session, share it, and put it into the queue of its client. Budgets: 250 ns for one subscriber, 20 us for 1,000,
 * and no allocation for each.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class PublishBenchmark {

    private static final int SUBSCRIPTIONS = 10_000;

    /** A prime: topics follow in no order. */
    private static final int STRIDE = 7_919;

    /** Clients that want each message. */
    @Param({"1", "1000"})
    public int subscribers;

    private final Publication[] publications = new Publication[SUBSCRIPTIONS];
    private final Taker taker = new Taker();
    private final KnownMatches known = new KnownMatches();
    private final List<String> knownTopics = new ArrayList<>();
    private PublishFlow flow;
    private int topics;
    private int next;

    /** Every client subscribes to one topic; as many as there are subscribers share one. */
    @Setup(Level.Trial)
    public void fill() {
        topics = SUBSCRIPTIONS / subscribers;
        var trie = new SubscriptionTrie<Subscription>();
        for (var i = 0; i < SUBSCRIPTIONS; i++) {
            var session = new Session("client-" + i, i + 1, 0, () -> SessionLimits.DEFAULT, taker);
            session.connect(new Opening(true, 0, 10, 10), taker, 0);
            var topic = topic(i % topics);
            var options = new SubscriptionOptions(Qos.AT_MOST_ONCE, false, false, RetainHandling.DO_NOT_SEND, 0);
            var subscribed = (SubscribeResult.Subscribed) session.subscribe(topic, options);
            trie.add(TopicFilter.of(topic), subscribed.subscription());
        }
        for (var i = 0; i < topics; i++) {
            publications[i] = publication(topic(i * STRIDE % topics));
        }
        flow = flow(trie);
        remember(trie);
    }

    /** What as many topics match as can be known at once. */
    private void remember(SubscriptionTrie<Subscription> trie) {
        for (var i = 0; i < Math.min(topics, KnownMatches.TOPICS_MAX / 2); i++) {
            var found = new Matches();
            trie.match(topic(i), found::add);
            for (var message = 0; message < 2; message++) {
                known.find(topic(i), 0);
                known.add(topic(i), new Matches[] {found}, found.count());
            }
        }
        for (var i = 0; i < topics; i++) {
            if (known.find(topic(i), 0) != null) {
                knownTopics.add(topic(i));
            }
        }
    }

    private static PublishFlow flow(SubscriptionTrie<Subscription> trie) {
        var loop = new Loop(0, Runnable::run, Runnable::run);
        var loops = new Loops(List.of(loop));
        var metrics = new MessageMetrics(new SimpleMeterRegistry());
        var fanout = new Fanout(loops, HandOff.ofLoop(loops, loop), trie, metrics, InstantSource.system());
        var self = new Incarnation(Place.node("r", "z", "1"), 1);
        return new PublishFlow(
                new NothingRetained(), new StandaloneMesh(self, Runnable::run, trie, loops), fanout, metrics);
    }

    private static Publication publication(String topic) {
        var version = ProtocolVersion.MQTT_3_1_1;
        var frame = Messages.frame(version, topic, Qos.AT_MOST_ONCE, 0, 256);
        var packet = PacketDecoder.ofClientPackets(new TopicCache(), version).decode(frame, frame.readableBytes());
        return Messages.publication(topic, PublishFrame.of((PublishPacket) packet));
    }

    private static String topic(int i) {
        return "site/" + i / 100 + "/device/" + i % 100 + "/temperature";
    }

    /** One message to all who want it. */
    @Benchmark
    public void publish() {
        var before = taker.delivered;
        flow.publish(publications[next], Acceptance.NOT_AWAITED);
        next = next + 1 == topics ? 0 : next + 1;
        if (taker.delivered - before != subscribers) {
            throw new IllegalStateException(taker.delivered - before + " clients got the message");
        }
    }

    /** One message after the other to one topic. */
    @Benchmark
    public void publishAgain() {
        flow.publish(publications[0], Acceptance.NOT_AWAITED);
    }

    /** Only what the topic of a message matches, when it is known from the message before; nothing for many subscribers. */
    @Benchmark
    public Object matchAgain() {
        if (knownTopics.isEmpty()) {
            return knownTopics;
        }
        var topic = knownTopics.get(next);
        next = next + 1 == knownTopics.size() ? 0 : next + 1;
        return Objects.requireNonNull(known.find(topic, 0));
    }

    /** All clients: has a queue of a fixed size, and lets go of what was put there long ago. */
    private static final class Taker implements SessionPort, SessionOwner {

        private static final int WAITING = 1 << 10;

        private final Publication[] queue = new Publication[WAITING];
        private long delivered;

        @Override
        public boolean deliver(
                Publication publication,
                Qos qos,
                int packetIdentifier,
                boolean duplicate,
                boolean retain,
                ImmutableIntArray subscriptionIdentifiers) {
            var place = (int) delivered++ & (WAITING - 1);
            var oldest = queue[place];
            queue[place] = publication.share();
            if (oldest != null) {
                oldest.release();
            }
            return true;
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void opened(boolean sessionPresent, long sessionExpirySeconds) {
            // The next call subscribes.
        }

        @Override
        public void sendPubAck(int packetIdentifier, int reasonCode) {
            throw new IllegalStateException("everything is of QoS 0");
        }

        @Override
        public void sendPubRec(int packetIdentifier, int reasonCode) {
            throw new IllegalStateException("everything is of QoS 0");
        }

        @Override
        public void sendPubRel(int packetIdentifier, int reasonCode) {
            throw new IllegalStateException("everything is of QoS 0");
        }

        @Override
        public void sendPubComp(int packetIdentifier, int reasonCode) {
            throw new IllegalStateException("everything is of QoS 0");
        }

        @Override
        public void close(CloseReason reason) {
            throw new IllegalStateException("closed: " + reason);
        }

        @Override
        public void ended(Session session) {
            throw new IllegalStateException("nobody leaves: " + session.clientId());
        }

        @Override
        public void presenceChanged(Session session) {
            // There are no shared subscriptions.
        }

        @Override
        public void dropped(Session session, DropReason reason) {
            throw new IllegalStateException("dropped: " + reason);
        }

        @Override
        public void passOn(Publication publication, Subscription subscription) {
            throw new IllegalStateException("there are no shared subscriptions");
        }

        @Override
        public void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit) {
            throw new IllegalStateException("retained messages are not asked for");
        }
    }
}
