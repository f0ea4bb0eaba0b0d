package io.meridianmq.broker.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.publish.Fanout;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.store.SessionStore;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.mesh.NodeOutlet.Custody;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.DropReason;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.SessionOwner;
import io.meridianmq.core.session.SubscribeResult;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.session.SubscriptionOptions;
import io.meridianmq.retained.store.StoreSettings;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two loops and the mesh thread, played by the test's thread, before a real store where one is needed. */
class IncomingTest {

    private static final Place NODE = Place.node("local", "local", "1");
    private static final long NOW = 1_000_000;

    @TempDir
    private Path folder;

    private final List<ConcurrentLinkedQueue<Runnable>> tasks =
            List.of(new ConcurrentLinkedQueue<>(), new ConcurrentLinkedQueue<>());
    private final ConcurrentLinkedQueue<Runnable> meshTasks = new ConcurrentLinkedQueue<>();
    private final Loops loops = new Loops(List.of(loop(0), loop(1)));
    private final SubscriptionTrie<Subscription> trie = new SubscriptionTrie<>();
    private final HandOff handOff = HandOff.ofOtherThread(loops, meshTasks::add);
    private final Stamps stamps = new Stamps(NODE, 1, new HybridClock());
    private final List<String> told = new ArrayList<>();
    private final Incoming incoming = new Incoming(
            loops,
            new Fanout(
                    loops,
                    handOff,
                    trie,
                    new MessageMetrics(new SimpleMeterRegistry()),
                    () -> Instant.ofEpochMilli(NOW)),
            stamps,
            () -> Instant.ofEpochMilli(NOW),
            (token, isKept) -> told.add(token + (isKept ? " kept" : " not kept")));
    private final List<Publication> made = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();

    @Test
    void whatOnlyTransientSessionsWantIsTakenAtOnce() {
        var session = transientSession(0);
        assertThat(deliver("a", Qos.AT_LEAST_ONCE, Fanout.Audience.ALL, 7)).isEqualTo(Custody.TAKEN);
        runAll();
        assertThat(session.queued()).isEqualTo(1);
        assertThat(told).isEmpty();
        endAll();
    }

    @Test
    void qos0IsTakenAtOnceWhoeverWantsIt() throws IOException {
        try (var store = open()) {
            durableSession(0, store);
            assertThat(deliver("a", Qos.AT_MOST_ONCE, Fanout.Audience.ALL, 7)).isEqualTo(Custody.TAKEN);
            end(store);
        }
    }

    @Test
    void whatADurableSessionWantsIsAwaitedUntilItIsOnDisk() throws IOException {
        try (var store = open()) {
            durableSession(0, store);
            durableSession(1, store);
            transientSession(1);
            assertThat(deliver("a", Qos.EXACTLY_ONCE, Fanout.Audience.ALL, 7)).isEqualTo(Custody.AWAITED);
            assertThat(deliver("a", Qos.AT_LEAST_ONCE, Fanout.Audience.ALL, 8)).isEqualTo(Custody.AWAITED);
            meshTasks.forEach(Runnable::run);
            assertThat(told).isEmpty();
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        runAll();
                        return told.size() == 2;
                    });
            assertThat(told).containsExactly("7 kept", "8 kept");
            sessions.removeIf(Session::isDurable);
            end(store);
        }
        try (var store = open()) {
            var journal = store.journal(loops.get(0));
            assertThat(store.takeRestored()).hasSize(2).allSatisfy(stored -> {
                var session =
                        new Session("later", 7, 0, () -> SessionLimits.DEFAULT, new Owner(), journal, stored.number());
                stored.restore(session, NOW);
                assertThat(session.queued()).isEqualTo(2);
            });
        }
    }

    @Test
    void whatOneLoopCannotKeepIsNotKept() throws IOException {
        try (var store = open()) {
            durableSession(0, store);
            durableSession(1, store);
            var answers = new ArrayList<IntConsumer>();
            loops.all().forEach(loop -> loop.keptBy(answers::add));
            deliver("a", Qos.AT_LEAST_ONCE, Fanout.Audience.ALL, 7);
            runAll();
            answers.get(0).accept(0x97);
            runAll();
            assertThat(told).isEmpty();
            answers.get(1).accept(0);
            runAll();
            assertThat(told).containsExactly("7 not kept");
            end(store);
        }
    }

    @Test
    void onlyDurableSessionsGetItAgain() throws IOException {
        try (var store = open()) {
            var durable = durableSession(0, store);
            var other = transientSession(0);
            assertThat(deliver("a", Qos.AT_LEAST_ONCE, Fanout.Audience.DURABLE, 7))
                    .isEqualTo(Custody.AWAITED);
            runAll();
            assertThat(durable.queued()).isEqualTo(1);
            assertThat(other.queued()).isZero();
            end(store);
        }
    }

    @Test
    void thereIsNoRoomWhileTooMuchWaitsForTheDisk() throws IOException {
        try (var store = open()) {
            durableSession(0, store);
            var answers = new ArrayList<IntConsumer>();
            loops.get(0).keptBy(answers::add);
            var token = 0;
            while (incoming.hasRoom()) {
                assertThat(token).isLessThan(100_000);
                deliver("a", Qos.AT_LEAST_ONCE, Fanout.Audience.ALL, token++);
            }
            assertThat(token).as("of messages this small, their number counts").isEqualTo(65_536);
            runAll();
            assertThat(incoming.hasRoom()).isFalse();
            answers.forEach(answer -> answer.accept(0));
            runAll();
            assertThat(incoming.hasRoom()).isTrue();
            assertThat(told).hasSize(token);
            end(store);
        }
    }

    private Custody deliver(String topic, Qos qos, Fanout.Audience audience, long token) {
        var payload = BinaryData.of(new byte[10]);
        var message = new PublishMessage(topic, payload, qos, false, PublishProperties.NONE);
        var publication = new Publication(
                stamps.numbers().next(),
                NOW,
                1,
                topic,
                qos,
                false,
                Publication.NEVER,
                PublishFrame.of(message, UnpooledByteBufAllocator.DEFAULT));
        made.add(publication);
        return incoming.deliver(publication, List.of(), audience, token);
    }

    private SessionStore open() throws IOException {
        return SessionStore.open(new SessionStore.Setup(
                StoreSettings.small(folder), 2, stamps, tasks.get(0)::add, () -> Instant.ofEpochMilli(NOW)));
    }

    private Session durableSession(int home, SessionStore store) {
        var loop = loops.get(home);
        var journal = store.journal(loop);
        loop.keptBy(journal);
        var session = new Session(
                "durable" + home, home, home, () -> SessionLimits.DEFAULT, new Owner(), journal, journal.newSession());
        journal.facts(session);
        return subscribed(session);
    }

    private void end(SessionStore store) {
        endAll();
        await().during(Duration.ofMillis(50)).atMost(Duration.ofSeconds(30)).until(() -> {
            runAll();
            return store.figures().queuedChanges() == 0;
        });
    }

    private void endAll() {
        sessions.forEach(session -> session.end(CloseReason.ADMINISTRATIVE_ACTION, NOW));
        made.forEach(Publication::release);
    }

    private Session transientSession(int home) {
        return subscribed(new Session("transient" + home, home, home, () -> SessionLimits.DEFAULT, new Owner()));
    }

    private Session subscribed(Session session) {
        sessions.add(session);
        if (session.subscribe("a", SubscriptionOptions.ofQos(Qos.EXACTLY_ONCE))
                instanceof SubscribeResult.Subscribed subscribed) {
            session.keep(subscribed, (_, _) -> {}, NOW);
            trie.add(TopicFilter.of("a"), subscribed.subscription());
        }
        return session;
    }

    private Loop loop(int index) {
        return new Loop(index, tasks.get(index)::add, tasks.get(index)::add);
    }

    private void runAll() {
        handOff.flush();
        tasks.forEach(IncomingTest::run);
        run(meshTasks);
    }

    private static final class Owner implements SessionOwner {
        @Override
        public void ended(Session session) {}

        @Override
        public void presenceChanged(Session session) {}

        @Override
        public void dropped(Session session, DropReason reason) {}

        @Override
        public void passOn(Publication publication, Subscription subscription) {}

        @Override
        public void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit) {}
    }

    private static void run(ConcurrentLinkedQueue<Runnable> queue) {
        for (var task = queue.poll(); task != null; task = queue.poll()) {
            task.run();
        }
    }
}
