package io.meridianmq.broker.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.meridianmq.broker.codec.PublishFrame;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.remote.JoinedNodes;
import io.meridianmq.broker.store.Unwritable;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client has begun anew at another node while the home of its session was out of reach: what waits in the earlier session
 * goes to the later one, its heir, and the earlier one ends.
 */
final class InheritanceTest {

    private static final Incarnation EARLIER = new Incarnation(Place.node("r", "z", "1"), 1);
    private static final Incarnation HEIR = new Incarnation(Place.node("r", "z", "2"), 1);
    private static final ConnectionNumber FIRST = new ConnectionNumber(1, 1);
    private static final ConnectionNumber ANEW = new ConnectionNumber(2, 1);
    private static final ConnectionNumber AGAIN = new ConnectionNumber(2, 2);
    private static final String CLIENT = "c";
    private static final long HOUR = 3_600;
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(30);

    /** More than are on their way at once. */
    private static final int MANY = 250;

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Loops loopsEarlier = loops();
    private final Loops loopsOfHeir = loops();
    private final JoinedNodes joined = new JoinedNodes(tasks::add, EARLIER, loopsEarlier, HEIR, loopsOfHeir);
    private final List<TableNode> nodes = new ArrayList<>();
    private long nowMillis = 1_000_000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
    private int published;

    /** Where the nodes have their sessions. */
    enum Kept {
        IN_MEMORY,
        IN_STORES
    }

    private Loops loops() {
        return new Loops(List.of(new Loop(0, tasks::add, tasks::add)));
    }

    @AfterEach
    void close() {
        joined.goOn();
        nodes.forEach(TableNode::endConnections);
        run();
        pass(Duration.ofSeconds(HOUR)); // All sessions end, and let go of what they hold.
        nodes.forEach(TableNode::close);
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsGoesToTheHeirInOrderAndOnce(Kept kept) throws IOException {
        var earlier = earlierWithWaiting(kept, MANY);
        var heir = heir(kept);
        var client = connectedAnew(heir);
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(client.received()).containsExactlyElementsOf(messages(1, MANY));
        assertThat(heir.count("meridian_messages_inherited")).isEqualTo(MANY);
        assertGone(earlier);
        if (kept == Kept.IN_STORES) {
            nodes.remove(earlier);
            earlier.close();
            assertGone(open(EARLIER, loopsEarlier, TableNode.Keeping.in(folder.resolve("earlier"))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatIsAwayAtItsHeirFindsThemThere(Kept kept) throws IOException {
        var earlier = earlierWithWaiting(kept, MANY);
        var heir = heir(kept);
        connectedAnew(heir).drop();
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertGone(earlier);
        assertThat(heir.look(CLIENT).orElseThrow().queued()).isEqualTo(MANY);
        var back = heir.connect(CLIENT, AGAIN, HOUR);
        settle();
        assertThat(back.received())
                .containsExactlyElementsOf(Stream.concat(Stream.of("session present"), messages(1, MANY).stream())
                        .toList());
    }

    @Test
    void aSessionInWhichNothingWaitsJustEnds() throws IOException {
        var earlier = earlierWithWaiting(Kept.IN_STORES, 0);
        var heir = heir(Kept.IN_STORES);
        var client = connectedAnew(heir);
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertGone(earlier);
        assertThat(client.received()).isEmpty();
    }

    @Test
    void aClientThatIsStillConnectedToItsEarlierSessionIsSentAway() throws IOException {
        var earlier = open(EARLIER, loopsEarlier, TableNode.Keeping.in(folder.resolve("earlier")));
        var before = earlier.connect(CLIENT, FIRST, HOUR).with(TableClient.Patience.ACKNOWLEDGES_NOTHING);
        before.subscribe("m/#", Qos.EXACTLY_ONCE);
        settle();
        publish(earlier, 2, Publication.NEVER);
        settle();
        before.received();
        var client = connectedAnew(heir(Kept.IN_STORES));
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(before.received()).containsExactly("closed SESSION_TAKEN_OVER");
        assertThat(client.received()).containsExactlyElementsOf(messages(1, 2));
        assertGone(earlier);
    }

    @ParameterizedTest
    @EnumSource
    void whatHasExpiredIsLeftOut(Kept kept) throws IOException {
        var earlier = earlierWithWaiting(kept, 2);
        publish(earlier, 2, nowMillis + 1_000);
        publish(earlier, 2, nowMillis + 60_000);
        settle();
        pass(Duration.ofSeconds(1));
        var client = connectedAnew(heir(kept));
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(client.received())
                .containsExactlyElementsOf(Stream.concat(messages(1, 2).stream(), messages(5, 6).stream())
                        .toList());
        assertThat(earlier.count("mqtt_queue_drops", "reason", "expired")).isEqualTo(2);
        assertGone(earlier);
    }

    @ParameterizedTest
    @EnumSource
    void whatExpiresWhileItWaitsAtTheHeirIsNotSentEither(Kept kept) throws IOException {
        var earlier = earlierWithWaiting(kept, 0);
        publish(earlier, 2, nowMillis + 2_000);
        settle();
        var heir = heir(kept);
        connectedAnew(heir).drop();
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertGone(earlier);
        pass(Duration.ofSeconds(3));
        var back = heir.connect(CLIENT, AGAIN, HOUR);
        settle();
        assertThat(back.received()).containsExactly("session present");
    }

    @ParameterizedTest
    @EnumSource
    void whatTheClientHadReceivedIsNotSentAgain(Kept kept) throws IOException {
        var earlier = open(EARLIER, loopsEarlier, keeping(kept, "earlier"));
        var before = earlier.connect(CLIENT, FIRST, HOUR).with(TableClient.Patience.UP_TO_PUBREC);
        before.subscribe("m/#", Qos.EXACTLY_ONCE);
        settle();
        publish(earlier, 3, Publication.NEVER); // The second is of QoS 2.
        settle();
        before.drop();
        publish(earlier, 3, Publication.NEVER);
        settle();
        assertThat(earlier.look(CLIENT).orElseThrow().queued()).isGreaterThanOrEqualTo(3);
        var client = connectedAnew(heir(kept));
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(client.received()).containsExactlyElementsOf(messages(4, 6));
        assertGone(earlier);
    }

    @ParameterizedTest
    @EnumSource
    void nothingNewIsDeliveredToASessionThatPassesOnWhatItHas(Kept kept) throws IOException {
        var earlier = earlierWithWaiting(kept, 3);
        var client = connectedAnew(heir(kept));
        joined.hold();
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(earlier.look(CLIENT).orElseThrow().subscriptions()).isZero();
        assertThat(earlier.subscriptions()).isZero();
        publish(earlier, 1, Publication.NEVER);
        settle();
        joined.goOn();
        settle();
        assertThat(client.received()).containsExactlyElementsOf(messages(1, 3));
        assertGone(earlier);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLostWithTheStreamIsSentAgainAfterAWhile(Kept kept) throws IOException {
        var earlier = earlierWithWaiting(kept, MANY);
        var client = connectedAnew(heir(kept));
        joined.hold();
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        joined.end();
        joined.goOn();
        settle();
        pass(PAUSE.minusMillis(1));
        assertThat(client.received()).isEmpty();
        assertThat(earlier.look(CLIENT).orElseThrow().connection()).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(client.received()).containsExactlyElementsOf(messages(1, MANY));
        assertGone(earlier);
    }

    @ParameterizedTest
    @EnumSource
    void ifTheHeirsAnswersAreLostTheClientGetsNothingTwice(Kept kept) throws IOException {
        var earlier = earlierWithWaiting(kept, MANY);
        var client = connectedAnew(heir(kept));
        joined.holdFor(joined.first());
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(client.received()).as("those on their way at once").containsExactlyElementsOf(messages(1, 100));
        joined.end();
        joined.goOn();
        settle();
        pass(PAUSE);
        assertThat(client.received()).containsExactlyElementsOf(messages(101, MANY));
        assertGone(earlier);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnHeirWhatIsLeftIsDropped(Kept kept) throws IOException {
        var earlier = earlierWithWaiting(kept, MANY);
        var heir = heir(kept);
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertGone(earlier);
        assertThat(earlier.count("mqtt_queue_drops", "reason", "session_ended")).isEqualTo(MANY);
        var client = connectedAnew(heir);
        pass(PAUSE);
        assertThat(client.received()).isEmpty();
    }

    @Test
    void whatTheHeirHasNoRoomForIsSentAgainWhenItHas() throws IOException {
        var earlier = earlierWithWaiting(Kept.IN_STORES, MANY);
        var full = open(HEIR, loopsOfHeir, TableNode.Keeping.onFullDisk(folder.resolve("heir")));
        connectedAnew(full).drop();
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(full.look(CLIENT).orElseThrow().queued()).isZero();
        pass(PAUSE);
        assertThat(earlier.look(CLIENT).orElseThrow().queued()).isEqualTo(MANY);
        full.close();
        nodes.remove(full);
        var heir = heir(Kept.IN_STORES); // With room, and the same sessions.
        pass(PAUSE);
        assertGone(earlier);
        var back = heir.connect(CLIENT, AGAIN, HOUR);
        settle();
        assertThat(back.received())
                .containsExactlyElementsOf(Stream.concat(Stream.of("session present"), messages(1, MANY).stream())
                        .toList());
    }

    @Test
    void whatItsOwnDiskFailsToWriteDownIsTriedAgain() throws IOException {
        var earlier = earlierWithWaiting(Kept.IN_STORES, 3);
        earlier.connect("other", FIRST, HOUR).subscribe("unwritable", Qos.AT_LEAST_ONCE);
        var client = connectedAnew(heir(Kept.IN_STORES));
        earlier.publish("unwritable", Qos.AT_LEAST_ONCE, Publication.NEVER, new Unwritable());
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(client.received()).isEmpty();
        pass(PAUSE);
        assertThat(client.received()).containsExactlyElementsOf(messages(1, 3));
        assertThat(earlier.look(CLIENT)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSessionWhoseHeirStaysOutOfReachExpiresInItsTime(Kept kept) throws IOException {
        var earlier = open(EARLIER, loopsEarlier, keeping(kept, "earlier"));
        var before = earlier.connect(CLIENT, FIRST, 60).subscribe("m/#", Qos.AT_LEAST_ONCE);
        settle();
        before.drop();
        publish(earlier, 1, Publication.NEVER);
        settle();
        heir(kept);
        joined.hold();
        earlier.supersede(CLIENT, ANEW, HEIR);
        for (var seconds = 0; seconds < 60; seconds += 5) {
            joined.end();
            settle();
            assertThat(earlier.look(CLIENT)).isPresent();
            pass(PAUSE);
        }
        assertGone(earlier);
    }

    @Test
    void aSessionIsPassedOnOnceThoughItsOwnerSaysSoTwice() throws IOException {
        var earlier = earlierWithWaiting(Kept.IN_STORES, 3);
        var client = connectedAnew(heir(Kept.IN_STORES));
        earlier.supersede(CLIENT, ANEW, HEIR);
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        earlier.supersede(CLIENT, ANEW, HEIR);
        settle();
        assertThat(client.received()).containsExactlyElementsOf(messages(1, 3));
    }

    @Test
    void aLaterSessionIsNotMeant() throws IOException {
        var earlier = earlierWithWaiting(Kept.IN_STORES, 3);
        var client = connectedAnew(heir(Kept.IN_STORES));
        earlier.supersede(CLIENT, FIRST, HEIR);
        settle();
        assertThat(client.received()).isEmpty();
        assertThat(earlier.look(CLIENT).orElseThrow().queued()).isEqualTo(3);
    }

    /** The earlier home, where messages wait for the client. */
    private TableNode earlierWithWaiting(Kept kept, int count) throws IOException {
        var earlier = open(EARLIER, loopsEarlier, keeping(kept, "earlier"));
        var client = earlier.connect(CLIENT, FIRST, HOUR).subscribe("m/#", Qos.EXACTLY_ONCE);
        settle();
        client.drop();
        publish(earlier, count, Publication.NEVER);
        settle();
        return earlier;
    }

    private TableNode heir(Kept kept) throws IOException {
        return open(HEIR, loopsOfHeir, keeping(kept, "heir"));
    }

    private TableClient connectedAnew(TableNode heir) {
        var client = heir.connect(CLIENT, ANEW, HOUR);
        settle();
        assertThat(client.received()).containsExactly("new session");
        return client;
    }

    private TableNode open(Incarnation self, Loops loops, TableNode.Keeping keeping) throws IOException {
        var thread = self.equals(EARLIER) ? joined.first() : joined.second();
        var node = new TableNode(tasks::add, loops, thread, clock, keeping);
        nodes.add(node);
        return node;
    }

    private TableNode.Keeping keeping(Kept kept, String name) {
        return switch (kept) {
            case IN_MEMORY -> TableNode.Keeping.IN_MEMORY;
            case IN_STORES -> TableNode.Keeping.in(folder.resolve(name));
        };
    }

    /** Messages of QoS 1 and 2 in turn. */
    private void publish(TableNode node, int count, long expiresAtMillis) {
        for (var i = 0; i < count; i++) {
            published++;
            var topic = "m/" + published;
            var message =
                    new PublishMessage(topic, BinaryData.of((byte) 1), qos(published), false, PublishProperties.NONE);
            node.publish(
                    topic, qos(published), expiresAtMillis, PublishFrame.of(message, UnpooledByteBufAllocator.DEFAULT));
        }
    }

    private static Qos qos(int number) {
        return number % 2 == 0 ? Qos.EXACTLY_ONCE : Qos.AT_LEAST_ONCE;
    }

    private static List<String> messages(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> "m/" + number + " qos" + qos(number).value())
                .toList();
    }

    private static void assertGone(TableNode node) {
        assertThat(node.look(CLIENT)).isEmpty();
        assertThat(node.registered()).isZero();
        assertThat(node.subscriptions()).isZero();
    }

    private void pass(Duration time) {
        nowMillis += time.toMillis();
        nodes.forEach(TableNode::tick);
        settle();
    }

    /** Runs everything that is to be run, until the stores have nothing to do either. */
    private void settle() {
        for (var quiet = 0; quiet < 2; ) {
            var before = commits();
            nodes.forEach(this::awaitKept);
            quiet = commits() == before ? quiet + 1 : 0;
        }
    }

    private long commits() {
        return nodes.stream().mapToLong(TableNode::commits).sum();
    }

    private void awaitKept(TableNode node) {
        run();
        node.journal().ifPresent(journal -> {
            var answered = new boolean[1];
            journal.whenKept((_, _) -> answered[0] = true);
            await().pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(SOON)
                    .until(() -> {
                        run();
                        return answered[0];
                    });
        });
    }

    private void run() {
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }
}
