package io.meridianmq.broker.session;

import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.claim.LoopClaims;
import io.meridianmq.broker.claim.StandaloneClaims;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.publish.Acceptance;
import io.meridianmq.broker.publish.Fanout;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.publish.StandaloneMesh;
import io.meridianmq.broker.remote.StreamThread;
import io.meridianmq.broker.store.LoopJournal;
import io.meridianmq.broker.store.SessionStore;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.retained.store.StoreSettings;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/** A node of one loop with a session table of its own, which is all there is of it but for its ways to other nodes. */
final class TableNode implements AutoCloseable {

    private final Incarnation self;
    private final Loop loop;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SubscriptionTrie<Subscription> trie = new SubscriptionTrie<>();
    private final ClientRegistry registry = new ClientRegistry();
    private final InstantSource clock;
    private final Optional<SessionStore> store;
    private final Optional<LoopJournal> journal;
    private final Stamps stamps;
    private final Stamps.Numbers numbers;
    private final HandOff handOff;
    private final PublishFlow publishFlow;
    private final SessionTable table;
    private final SessionTables tables;
    private final SessionStreams streams;

    /**
     * What a node has its sessions in.
     *
     * @param folder of its store; without one they are in memory
     * @param reserveBytes room on the disk below which nothing new is taken
     */
    record Keeping(Optional<Path> folder, long reserveBytes) {
        static final Keeping IN_MEMORY = new Keeping(Optional.empty(), 0);

        static Keeping in(Path folder) {
            return new Keeping(Optional.of(folder), 0);
        }

        static Keeping onFullDisk(Path folder) {
            return new Keeping(Optional.of(folder), Long.MAX_VALUE);
        }
    }

    /** Nothing is retained. */
    private static final class NothingRetained implements RetainedMessages {
        @Override
        public void store(Publication publication, IntConsumer onStored) {
            onStored.accept(0);
        }

        @Override
        public void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink) {
            sink.found(List.of(), false);
        }
    }

    /** @param tasks runs everything, on the test's thread */
    TableNode(Executor tasks, Loops loops, StreamThread thread, InstantSource clock, Keeping keeping)
            throws IOException {
        this.self = thread.self();
        this.loop = loops.get(0);
        this.clock = clock;
        this.stamps = new Stamps(self.place(), self.boot(), new HybridClock());
        this.numbers = stamps.keptNumbers();
        this.store = keeping.folder().isPresent()
                ? Optional.of(open(keeping.folder().get(), keeping.reserveBytes(), tasks))
                : Optional.empty();
        this.journal = store.map(opened -> opened.journal(loop));
        var mesh = new StandaloneMesh(self, tasks, trie, loops);
        var claims = new StandaloneClaims(
                self, tasks, loops, new ClaimEffects(stamps, clock), () -> clock.millis() * 1_000_000);
        var messageMetrics = new MessageMetrics(meters);
        var retained = new NothingRetained();
        handOff = HandOff.ofLoop(loops, loop);
        publishFlow = new PublishFlow(
                retained, mesh, new Fanout(loops, handOff, trie, messageMetrics, clock), messageMetrics);
        var shared = new SessionTable.Shared(
                registry, () -> SessionLimits.DEFAULT, new SessionMetrics(meters, registry), stamps, retained);
        table = new SessionTable(
                loop,
                clock,
                shared,
                publishFlow,
                new SubscribeFlow(mesh, clock),
                new LoopClaims(loop, claims),
                journal);
        tables = new SessionTables(List.of(table), registry);
        streams = SessionStreams.open(thread, tables, clock, () -> clock.millis() * 1_000_000, meters);
        journal.ifPresent(loop::keptBy);
        restore();
    }

    private SessionStore open(Path folder, long reserveBytes, Executor tasks) throws IOException {
        var small = StoreSettings.small(folder);
        return SessionStore.open(
                new SessionStore.Setup(small.with(small.durability(), reserveBytes), 1, stamps, tasks, clock));
    }

    private void restore() {
        store.ifPresent(opened -> opened.takeRestored().forEach(stored -> {
            registry.claim(stored.facts().clientId(), 0);
            table.restore(stored, () -> {});
        }));
    }

    /** A client connects, whose session outlives its connection by so long. */
    TableClient connect(String clientId, ConnectionNumber number, long expirySeconds) {
        return new TableClient(loop, clientId)
                .open(
                        new SessionProxy.Here(loop, handOff, tables, _ -> handOff, Optional.of(streams.sessionsOf(0))),
                        self,
                        number,
                        expirySeconds);
    }

    /** Somebody publishes at this node. */
    void publish(String topic, Qos qos, long expiresAtMillis, PublicationBytes bytes) {
        loop.execute(() -> {
            var publication =
                    new Publication(numbers.next(), clock.millis(), 1, topic, qos, false, expiresAtMillis, bytes);
            publishFlow.publish(publication, Acceptance.NOT_AWAITED);
            publication.release();
        });
    }

    /** The client has begun anew with the connection of this number, and has its session at another node. */
    void supersede(String clientId, ConnectionNumber number, Incarnation heir) {
        streams.end(clientId, number, Optional.of(heir));
    }

    /** Does what is done a few times a second. */
    void tick() {
        loop.execute(() -> {
            table.tick();
            streams.sessionsOf(0).tick();
        });
    }

    Incarnation self() {
        return self;
    }

    Optional<LoopJournal> journal() {
        return journal;
    }

    /** Commits that were made, and those that failed. */
    long commits() {
        return store.map(opened -> opened.figures().groups() + opened.figures().failures())
                .orElse(0L);
    }

    Optional<Answer.SessionView> look(String clientId) {
        return table.look(clientId);
    }

    /** Clients that the node has sessions of. */
    int registered() {
        return registry.count();
    }

    /** Subscriptions that messages are delivered for. */
    int subscriptions() {
        return trie.subscriptionCount();
    }

    double count(String meter, String... tags) {
        return meters.get(meter).tags(tags).counter().count();
    }

    /** Lets go of all messages that are in memory. */
    void endConnections() {
        loop.execute(() -> table.closeAll(CloseReason.SERVER_SHUTTING_DOWN));
    }

    /** As the end of the process: the store is closed, and nothing of the sessions is left but what is in it. */
    @Override
    public void close() {
        store.ifPresent(SessionStore::close);
    }
}
