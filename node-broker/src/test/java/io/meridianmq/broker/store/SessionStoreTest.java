package io.meridianmq.broker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.codec.TopicCache;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Departure;
import io.meridianmq.core.session.DropReason;
import io.meridianmq.core.session.Opening;
import io.meridianmq.core.session.Outbound;
import io.meridianmq.core.session.RetainHandling;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionJournal;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.SessionOwner;
import io.meridianmq.core.session.SessionPort;
import io.meridianmq.core.session.SubscribeResult;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.session.SubscriptionOptions;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.retained.store.RocksStore;
import io.meridianmq.retained.store.StoreRefusedException;
import io.meridianmq.retained.store.StoreSettings;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionStoreTest {

    private static final Place NODE = Place.node("local", "local", "1");
    private static final long NOW = 1_000_000;
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Loop loop = new Loop(0, tasks::add, tasks::add);
    private final Client client = new Client();
    private final List<Publication> made = new ArrayList<>();
    private final Stamps.Numbers others = new Stamps(Place.node("local", "local", "2"), 1, new HybridClock()).numbers();
    private long boot = 1;

    @Test
    void whatASessionHasIsThereAfterARestart() throws IOException {
        var options = new SubscriptionOptions(Qos.EXACTLY_ONCE, true, true, RetainHandling.SEND_IF_NEW, 7);
        var will = new Will(Qos.AT_LEAST_ONCE, true, 30, 60, CanonicalBytes.wrap(new byte[] {1, 2, 3}));
        var taken = stamps().keptNumbers().next();
        try (var store = open()) {
            var journal = store.journal(loop);
            var session = session(journal);
            session.connectionNumber(new ConnectionNumber(3, 4));
            session.connect(opening(), client, NOW);
            journal.will(session, session.connectionNumber(), will);
            subscribe(session, "a/+", options);
            session.takeIn(9, taken, (_, _) -> {}, NOW);
            session.deliver(
                    message("a/1"), session.subscriptions().iterator().next().terms(), NOW);
            session.deliver(
                    message("a/2"), session.subscriptions().iterator().next().terms(), NOW);
            settle(() -> client.got.size() == 2);
            session.onPubAck(client, 1, NOW);
            session.onGone(client, Departure.LOST, NOW + 5);
            settle(() -> store.figures().queuedChanges() == 0);
        }
        assertThat(client.got).containsExactly("a/1 #1", "a/2 #2");
        client.got.clear();
        boot++;
        try (var store = open()) {
            var claim = store.restoredClaims(new Incarnation(NODE, boot)).getFirst();
            var all = store.takeRestored();
            assertThat(all).hasSize(1);
            var stored = all.iterator().next();
            assertThat(stored.facts().sessionExpirySeconds()).isEqualTo(60);
            assertThat(stored.wills()).containsExactly(new StoredSession.KeptWill(new ConnectionNumber(3, 4), will));
            assertThat(claim.awayMillis()).isEqualTo(NOW + 10 - (NOW + 5));
            assertThat(claim.will()).contains(will);
            assertThat(claim.number()).isEqualTo(new ConnectionNumber(3, 4));

            var journal = store.journal(loop);
            var session =
                    new Session("client", 7, 0, () -> SessionLimits.DEFAULT, new Owner(), journal, stored.number());
            var subscriptions = stored.restore(session, NOW + 10);
            assertThat(subscriptions).extracting(Subscription::filter).containsExactly("a/+");
            assertThat(subscriptions.getFirst().options()).isEqualTo(options);
            assertThat(session.identity(9)).contains(taken);
            assertThat(journal.newSession()).isGreaterThan(stored.number());
            assertThat(session.resume(opening(), client, NOW + 20)).isTrue();
            settle(() -> !client.got.isEmpty());
            assertThat(client.got).containsExactly("a/2 #2 dup");
            session.end(CloseReason.ADMINISTRATIVE_ACTION, NOW);
        }
    }

    @Test
    void aQos2MessageThatIsSentAgainAfterARestartIsNotThereTwice() throws IOException { // [MQTT-4.3.3-1]
        var twice = message("a/1", Qos.EXACTLY_ONCE);
        var atLeastOnce = message("a/1", Qos.AT_LEAST_ONCE);
        try (var store = open()) {
            var journal = store.journal(loop);
            var session = session(journal);
            journal.facts(session);
            subscribe(session, "a/+", SubscriptionOptions.ofQos(Qos.EXACTLY_ONCE));
            var terms = session.subscriptions().iterator().next().terms();
            session.deliver(twice, terms, NOW);
            session.deliver(atLeastOnce, terms, NOW);
            settle(() -> store.figures().queuedChanges() == 0);
        }
        boot++;
        try (var store = open()) {
            var stored = store.takeRestored().iterator().next();
            var session = session(store.journal(loop), stored.number());
            var terms = stored.restore(session, NOW + 10).getFirst().terms();
            session.deliver(twice, terms, NOW);
            assertThat(session.queued()).isEqualTo(2);
            session.deliver(message("a/1", Qos.EXACTLY_ONCE), terms, NOW);
            session.deliver(atLeastOnce, terms, NOW);
            assertThat(session.queued()).as("another one, and one of QoS 1").isEqualTo(4);
            settle(() -> store.figures().queuedChanges() == 0);
            session.end(CloseReason.ADMINISTRATIVE_ACTION, NOW);
        }
    }

    @Test
    void aQos2MessageThatTheClientHasReceivedIsKnownAfterRestarts() throws IOException { // [MQTT-4.3.3-1]
        var received = message("a/1", Qos.EXACTLY_ONCE);
        try (var store = open()) {
            var journal = store.journal(loop);
            var session = session(journal);
            session.connect(opening(), client, NOW);
            subscribe(session, "a/+", SubscriptionOptions.ofQos(Qos.EXACTLY_ONCE));
            session.deliver(received, session.subscriptions().iterator().next().terms(), NOW);
            settle(() -> client.got.size() == 1);
            session.onPubRec(client, 1, 0, NOW);
            session.onPubComp(client, 1, NOW);
            settle(() -> store.figures().queuedChanges() == 0);
            assertThat(store.recentMessages()).isEqualTo(1);
        }
        for (var restart = 0; restart < 2; restart++) {
            boot++;
            try (var store = open()) {
                assertThat(store.recentMessages()).isEqualTo(1);
                var stored = store.takeRestored().iterator().next();
                var session = session(store.journal(loop), stored.number());
                var terms = stored.restore(session, NOW + 10).getFirst().terms();
                session.deliver(received, terms, NOW);
                assertThat(session.queued()).as("sent again").isZero();
                settle(() -> store.figures().queuedChanges() == 0);
            }
        }
    }

    @Test
    void numbersOfRecordsAndSessionsAreNotGivenAgainWhileMessagesThatHadThemAreKnown() throws IOException {
        var received = message("a/1", Qos.EXACTLY_ONCE);
        long number;
        try (var store = open()) {
            var session = session(store.journal(loop));
            number = session.number().orElseThrow();
            subscribe(session, "a/+", SubscriptionOptions.ofQos(Qos.EXACTLY_ONCE));
            session.deliver(received, session.subscriptions().iterator().next().terms(), NOW);
            session.end(CloseReason.ADMINISTRATIVE_ACTION, NOW);
            settle(() -> store.figures().queuedChanges() == 0);
        }
        boot++;
        try (var store = open()) {
            assertThat(store.takeRestored()).isEmpty();
            var session = session(store.journal(loop));
            assertThat(session.number().orElseThrow()).isGreaterThan(number);
            subscribe(session, "a/+", SubscriptionOptions.ofQos(Qos.EXACTLY_ONCE));
            var terms = session.subscriptions().iterator().next().terms();
            session.deliver(message("a/2", Qos.EXACTLY_ONCE), terms, NOW);
            settle(() -> store.figures().queuedChanges() == 0);
            assertThat(store.recentMessages()).as("of two records").isEqualTo(2);
        }
        boot++;
        try (var store = open()) {
            assertThat(store.recentMessages()).as("of two records").isEqualTo(2);
        }
    }

    @Test
    void storeOfTheFirstFormatIsBroughtUpToDate() throws IOException {
        // Of this node's own, about which the family of version 2 has nothing.
        var waiting = message("a/1", Qos.EXACTLY_ONCE, stamps().numbers().next());
        try (var store = open()) {
            var journal = store.journal(loop);
            var session = session(journal);
            journal.facts(session);
            subscribe(session, "a/+", SubscriptionOptions.ofQos(Qos.EXACTLY_ONCE));
            session.deliver(waiting, session.subscriptions().iterator().next().terms(), NOW);
            settle(() -> store.figures().queuedChanges() == 0);
        }
        Files.writeString(folder.resolve("store/FORMAT"), "meridian sessions 1\n");
        boot++;
        try (var store = open()) {
            var stored = store.takeRestored().iterator().next();
            var session = session(store.journal(loop), stored.number());
            var terms = stored.restore(session, NOW + 10).getFirst().terms();
            session.deliver(waiting, terms, NOW);
            assertThat(session.queued()).as("it is known").isEqualTo(1);
        }
        assertThat(folder.resolve("store/FORMAT")).hasContent("meridian sessions 2\n");
    }

    @Test
    void whatCameBehindARefusedMessageIsNotKeptBeforeItComesAgain() throws IOException {
        try (var store = open()) {
            var journal = store.journal(loop);
            var session = session(journal);
            session.connect(opening(), client, NOW);
            subscribe(session, "#", SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE));
            settle(() -> store.figures().groups() > 0);
            var terms = session.subscriptions().iterator().next().terms();
            var first = message("first");
            var second = message("second");
            var third = message("third");
            session.deliver(unwritable(), terms, NOW);
            session.deliver(first, terms, NOW);
            runTasks(); // They are with the committer, whose answer waits.
            session.deliver(second, terms, NOW);
            var outcomes = new ArrayList<SessionJournal.Outcome>();
            session.whenKept((outcome, _) -> outcomes.add(outcome), NOW);
            settle(() -> store.figures().failures() > 0);
            journal.tick();
            settle(() -> !outcomes.isEmpty());
            assertThat(outcomes).containsExactly(SessionJournal.Outcome.REFUSED);
            assertThat(session.queued()).isZero();
            for (var again : List.of(first, second, third)) {
                session.deliver(again, terms, NOW);
            }
            settle(() -> client.got.size() == 3);
            assertThat(client.got).extracting(got -> got.split(" ", 2)[0]).containsExactly("first", "second", "third");
            session.end(CloseReason.ADMINISTRATIVE_ACTION, NOW);
            settle(() -> store.figures().queuedChanges() == 0);
        }
    }

    @Test
    void afterAFailedCommitNothingNewIsTakenForAMoment() throws IOException {
        try (var store = open()) {
            var journal = store.journal(loop);
            var session = session(journal);
            subscribe(session, "#", SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE));
            var terms = session.subscriptions().iterator().next().terms();
            session.deliver(unwritable(), terms, NOW);
            settle(() -> store.figures().failures() > 0);
            session.deliver(message("too early"), terms, NOW);
            settle(() -> session.queued() == 0);
            journal.tick();
            session.deliver(message("later"), terms, NOW);
            settle(() -> store.figures().queuedChanges() == 0);
            assertThat(session.queued()).isEqualTo(1);
            session.end(CloseReason.ADMINISTRATIVE_ACTION, NOW);
            settle(() -> store.figures().queuedChanges() == 0);
        }
    }

    private Publication unwritable() {
        return new Publication(
                others.next(), NOW, 1, "a", Qos.AT_LEAST_ONCE, false, Publication.NEVER, new Unwritable());
    }

    @Test
    void nothingIsLeftOfASessionThatEnded() throws IOException {
        try (var store = open()) {
            var journal = store.journal(loop);
            var session = session(journal);
            session.connect(opening(), client, NOW);
            journal.will(
                    session,
                    new ConnectionNumber(1, 1),
                    new Will(Qos.AT_LEAST_ONCE, false, 0, 60, CanonicalBytes.wrap(new byte[1])));
            session.takeIn(9, stamps().keptNumbers().next(), (_, _) -> {}, NOW);
            subscribe(session, "a/+", SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE));
            session.deliver(
                    message("a/1"), session.subscriptions().iterator().next().terms(), NOW);
            settle(() -> client.got.size() == 1);
            session.end(CloseReason.ADMINISTRATIVE_ACTION, NOW);
            settle(() -> store.figures().queuedChanges() == 0);
        }
        try (var rocks = RocksStore.open(StoreSettings.small(folder), SessionStore.FORMAT)) {
            for (var family : SessionStore.FORMAT.families()) {
                assertThat(keys(rocks, family)).as(family).isZero();
            }
        }
    }

    private static int keys(RocksStore rocks, String family) {
        return rocks.scan(rocks.family(family), new byte[0], iterator -> {
            var count = 0;
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                count++;
            }
            return count;
        });
    }

    @Test
    void whatCannotBeUnderstoodIsRefusedWithWhatToDo() throws IOException {
        try (var store = open()) {
            session(store.journal(loop)).connect(opening(), client, NOW);
            settle(() -> store.figures().groups() > 0);
            var garbled = new Batch();
            garbled.put(Batch.Family.SESSION, Keys.of(1), new byte[] {100, 1}, true);
            var done = new CompletableFuture<Boolean>();
            store.commit(garbled, 0, done::complete);
            assertThat(done).succeedsWithin(SOON);
        }

        assertThatThrownBy(this::open)
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("cannot be read")
                .hasMessageContaining("Restore the folder from a copy, or move it away");
    }

    @Test
    void aStoreOfANewerFormatIsLeftAlone() throws IOException {
        open().close();
        Files.writeString(folder.resolve("store/FORMAT"), "meridian sessions 99\n");

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("written by a newer Meridian")
                .hasMessageContaining("Start the newer version again, or move the folder away");
    }

    @Test
    void aDamagedStoreIsLeftAlone() throws IOException {
        open().close();
        try (var files = Files.list(folder.resolve("store/data"))) {
            var manifest = files.filter(file -> file.getFileName().toString().startsWith("MANIFEST"))
                    .findFirst()
                    .orElseThrow();
            Files.write(manifest, new byte[100]);
        }

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreRefusedException.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("Restore the folder");
    }

    @Test
    void whatNobodyWantsIsLeftOutOfARecordInWhichOthersStay() {
        var batch = new Batch();
        var sessions = new ArrayList<Session>();
        for (var number = 1; number <= 2; number++) {
            sessions.add(new Session(
                    "client", 7, 0, () -> SessionLimits.DEFAULT, new Owner(), new BatchJournal(batch), number));
        }
        for (var topic : List.of("a", "b", "c")) {
            var publication = message(topic);
            sessions.forEach(session -> deliver(session, publication));
        }
        var record = MessageRecord.write(batch.messages, (int) batch.sizeBytes());
        assertThat(topics(record)).containsExactly("0 a", "1 a", "2 b", "3 b", "4 c", "5 c");

        var less = MessageRecord.without(record, reader -> reader != 3);

        assertThat(less).hasSizeLessThan(record.length);
        assertThat(topics(less)).containsExactly("2 b", "3 b");
        assertThat(topics(MessageRecord.without(less, reader -> reader != 2))).containsExactly("2 b", "3 b");
        assertThat(topics(MessageRecord.without(less, _ -> true))).isEmpty();
        for (var entry : batch.messages) {
            for (var i = 0; i < sessions.size(); i++) {
                sessions.get(i).onMessageRefused(entry.readers().get(i).outbound());
            }
        }
    }

    private static void deliver(Session session, Publication publication) {
        var options = SubscriptionOptions.ofQos(Qos.AT_LEAST_ONCE);
        if (session.subscribe("#", options) instanceof SubscribeResult.Subscribed subscribed) {
            session.deliver(publication, subscribed.subscription().terms(), NOW);
        }
    }

    private static List<String> topics(byte[] record) {
        var found = new ArrayList<String>();
        MessageRecord.read(
                1,
                record,
                _ -> true,
                new TopicCache(),
                (reader, message) ->
                        found.add(reader + " " + message.publication().topic()));
        return found;
    }

    private SessionStore open() throws IOException {
        return SessionStore.open(new SessionStore.Setup(
                StoreSettings.small(folder), 1, stamps(), tasks::add, () -> Instant.ofEpochMilli(NOW + 10)));
    }

    private Stamps stamps() {
        return new Stamps(NODE, boot, new HybridClock());
    }

    private static Session session(LoopJournal journal) {
        return session(journal, journal.newSession());
    }

    private static Session session(LoopJournal journal, long number) {
        return new Session("client", 7, 0, () -> SessionLimits.DEFAULT, new Owner(), journal, number);
    }

    private static void subscribe(Session session, String filter, SubscriptionOptions options) {
        if (session.subscribe(filter, options) instanceof SubscribeResult.Subscribed subscribed) {
            session.keep(subscribed, (_, _) -> {}, NOW);
        }
    }

    private static Opening opening() {
        return new Opening(false, 60, 100, 100);
    }

    private Publication message(String topic) {
        return message(topic, Qos.AT_LEAST_ONCE);
    }

    private Publication message(String topic, Qos qos) {
        return message(topic, qos, others.next());
    }

    private Publication message(String topic, Qos qos, PublicationId id) {
        var payload = BinaryData.of("hello".getBytes(StandardCharsets.UTF_8));
        var message = new PublishMessage(topic, payload, qos, false, PublishProperties.NONE);
        made.add(new Publication(
                id,
                NOW,
                1,
                topic,
                qos,
                false,
                Publication.NEVER,
                PublishFrame.of(message, UnpooledByteBufAllocator.DEFAULT)));
        return made.getLast();
    }

    @AfterEach
    void releaseMessages() {
        made.forEach(Publication::release);
    }

    /** Does what is to be done on the loop until something is so, and then what is left. */
    private void settle(BooleanSupplier isSo) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> {
            runTasks();
            return isSo.getAsBoolean();
        });
        await().during(Duration.ofMillis(20)).atMost(SOON).until(() -> {
            runTasks();
            return true;
        });
    }

    private void runTasks() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private static final class Client implements SessionPort {
        final List<String> got = new ArrayList<>();

        @Override
        public void opened(boolean sessionPresent, long sessionExpirySeconds) {}

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public boolean deliver(
                Publication publication,
                Qos qos,
                int packetIdentifier,
                boolean duplicate,
                boolean retain,
                ImmutableIntArray subscriptionIdentifiers) {
            got.add(publication.topic() + " #" + packetIdentifier + (duplicate ? " dup" : ""));
            return true;
        }

        @Override
        public void sendPubAck(int packetIdentifier, int reasonCode) {}

        @Override
        public void sendPubRec(int packetIdentifier, int reasonCode) {}

        @Override
        public void sendPubRel(int packetIdentifier, int reasonCode) {}

        @Override
        public void sendPubComp(int packetIdentifier, int reasonCode) {}

        @Override
        public void close(CloseReason reason) {}
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

    /** Puts messages into a batch, and that is all. */
    private record BatchJournal(Batch batch) implements SessionJournal {
        @Override
        public void facts(Session session) {}

        @Override
        public void subscription(
                Session session, Subscription subscription, Optional<String> owedAfterTopic, Kept kept) {}

        @Override
        public void unsubscribed(Session session, String filter) {}

        @Override
        public void message(Session session, Outbound message) {
            batch.message(session, message);
        }

        @Override
        public boolean hasHad(Session session, PublicationId id) {
            return false;
        }

        @Override
        public void done(long locator) {}

        @Override
        public void progress(Session session) {}

        @Override
        public void takenIn(Session session, int packetIdentifier, PublicationId id, Kept kept) {}

        @Override
        public void released(Session session, int packetIdentifier, PublicationId id) {}

        @Override
        public void ended(Session session) {}

        @Override
        public void whenKept(Kept kept) {}

        @Override
        public void load(long[] locators, Loaded loaded) {}
    }
}
