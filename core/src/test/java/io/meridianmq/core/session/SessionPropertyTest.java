package io.meridianmq.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * A session against a client that follows the specification, over connections that break at any moment and then lose
 * everything under way: QoS 1 arrives at least once, QoS 2 exactly once, both in order, in both directions. A durable session
 * does so over crashes of the broker, too, which lose what was not kept.
 */
final class SessionPropertyTest {

    private static final int STEPS = 2_000;

    private Random random = new Random();
    private final Messages messages = new Messages();
    private static final SessionLimits LIMITS = new SessionLimits(1_000, 1_000_000, 1L << 40, 10, 60);

    private Session session = new Session("client", 7, 0, () -> LIMITS, new Owner());
    private Optional<RememberedDisk> disk = Optional.empty();
    private final Set<PublicationId> publishedAs = new HashSet<>();
    private long lastId;

    /** What the broker has to bring to the client; of a durable session, what is kept. */
    private final List<String> offered = new ArrayList<>();

    private final Client client = new Client();
    private Wire wire = new Wire();

    /** What the broker took from the client as new, and has not yet accepted. */
    private final ArrayDeque<Arrival> arrivals = new ArrayDeque<>();

    private final List<String> published = new ArrayList<>();

    private record Arrival(long number, Qos qos, int packetIdentifier) {}

    @RepeatedTest(50)
    void survivesLostConnections(RepetitionInfo repetition) {
        var seed = Long.parseLong(seedProperty()) + repetition.getCurrentRepetition();
        random = new Random(seed);
        session.connect(opening(), wire, 0);
        for (var step = 0; step < STEPS; step++) {
            randomStep(step);
        }
        checkSettled(seed);
    }

    @RepeatedTest(50)
    void survivesCrashesIfDurable(RepetitionInfo repetition) {
        var seed = Long.parseLong(seedProperty()) + repetition.getCurrentRepetition();
        random = new Random(seed);
        var remembered = new RememberedDisk(publication -> offered.add(publication.topic()));
        disk = Optional.of(remembered);
        session = durableSession(remembered);
        session.connect(opening(), wire, 0);
        remembered.handOver();
        remembered.commit();
        for (var step = 0; step < STEPS; step++) {
            randomStep(step);
            remembered.handOver();
            if (random.nextInt(1 + (int) (seed % 8)) == 0) { // The disk is slower in some runs than in others.
                remembered.commit();
            }
            if (random.nextBoolean()) {
                remembered.read();
            }
            if (random.nextInt(100) == 0) {
                crash(remembered);
            }
        }
        checkSettled(seed);
        assertThat(remembered.messages())
                .as("messages still kept, seed %d", seed)
                .isZero();
    }

    private Session durableSession(RememberedDisk remembered) {
        return new Session("client", 7, 0, () -> LIMITS, new Owner(), remembered, 1);
    }

    /** The broker goes on with what was kept; its sockets are closed, and it asks nobody about what it had begun. */
    private void crash(RememberedDisk remembered) {
        remembered.crash();
        wire = new Wire();
        arrivals.clear();
        session = durableSession(remembered);
        remembered.restore(session);
        assertThat(session.resume(opening(), wire, 0)).isTrue();
        client.resume();
    }

    private void checkSettled(long seed) {
        settle();
        assertThat(client.isWaiting() || wire.isBusy() || !arrivals.isEmpty())
                .as("something is waiting for ever, seed %d", seed)
                .isFalse();

        assertThat(client.received(2)).as("QoS 2 to the client, seed %d", seed).isEqualTo(offered(2));
        assertThat(withoutRepetitions(client.received(1)))
                .as("QoS 1 to the client, seed %d", seed)
                .isEqualTo(offered(1));
        assertThat(published.stream().filter(text -> text.startsWith("up2")).toList())
                .as("QoS 2 from the client, seed %d", seed)
                .isEqualTo(client.sent(2));
        assertThat(withoutRepetitions(published.stream()
                        .filter(text -> text.startsWith("up1"))
                        .toList()))
                .as("QoS 1 from the client, seed %d", seed)
                .isEqualTo(client.sent(1));
        if (disk.isEmpty()) { // A crash takes everything that is held along.
            assertThat(messages.held()).as("messages still held, seed %d", seed).isZero();
        }
        assertThat(session.inFlight() + session.queued()).isZero();
    }

    private void randomStep(int step) {
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                var qos = 1 + random.nextInt(2);
                var topic = "down" + qos + "-" + step;
                if (disk.isEmpty()) {
                    offered.add(topic);
                }
                offer(messages.of(topic, qos));
            }
            case 2, 3 -> client.publish("up" + (1 + random.nextInt(2)) + "-" + step);
            case 4, 5 -> wire.carryDown();
            case 6, 7 -> wire.carryUp();
            case 8 -> accept();
            default -> {
                if (random.nextInt(20) == 0) {
                    reconnect();
                }
            }
        }
    }

    private void offer(Publication publication) {
        var any = new Subscription(session, "#", SubscriptionOptions.ofQos(Qos.EXACTLY_ONCE));
        session.deliver(publication, any.terms(), 0);
    }

    /** Accepts any of the open arrivals, not always the first. */
    private void accept() {
        if (!arrivals.isEmpty()) {
            for (var i = random.nextInt(arrivals.size()); i > 0; i--) {
                arrivals.add(arrivals.remove());
            }
            var arrival = arrivals.remove();
            session.onAccepted(arrival.number(), arrival.qos(), arrival.packetIdentifier(), 0);
        }
    }

    private void reconnect() {
        session.onGone(wire, Departure.LOST, 0);
        wire = new Wire();
        assertThat(session.resume(opening(), wire, 0)).isTrue();
        client.resume();
    }

    private void settle() {
        reconnect();
        for (var i = 0; i < 100_000 && !isSettled(); i++) {
            wire.carryDown();
            wire.carryUp();
            accept();
            disk.ifPresent(RememberedDisk::handOver);
            disk.ifPresent(RememberedDisk::commit);
            disk.ifPresent(RememberedDisk::read);
        }
    }

    private boolean isSettled() {
        return !wire.isBusy()
                && arrivals.isEmpty()
                && !client.isWaiting()
                && disk.map(RememberedDisk::isIdle).orElse(true);
    }

    private Opening opening() {
        return new Opening(false, 60, 1 + random.nextInt(5), 65_535);
    }

    private List<String> offered(int qos) {
        return offered.stream().filter(topic -> topic.startsWith("down" + qos)).toList();
    }

    /** First occurrences, which must come in order; repetitions of a stretch are what QoS 1 allows. */
    private static List<String> withoutRepetitions(List<String> all) {
        return all.stream().distinct().toList();
    }

    private static String seedProperty() {
        var seed = System.getProperty("meridian.seed", "");
        return seed.isEmpty() ? "20261122" : seed;
    }

    /** One connection: what was sent and has not arrived, in both directions. */
    private final class Wire implements SessionPort {
        final ArrayDeque<Runnable> down = new ArrayDeque<>();
        final ArrayDeque<Runnable> up = new ArrayDeque<>();

        void carryDown() {
            if (!down.isEmpty()) {
                down.remove().run();
            }
        }

        void carryUp() {
            if (!up.isEmpty()) {
                up.remove().run();
            }
        }

        boolean isBusy() {
            return !down.isEmpty() || !up.isEmpty();
        }

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
            var topic = publication.topic();
            down.add(() -> client.onPublish(topic, qos, packetIdentifier));
            return true;
        }

        @Override
        public void sendPubAck(int packetIdentifier, int reasonCode) {
            down.add(() -> client.onAnswer(packetIdentifier, true));
        }

        @Override
        public void sendPubRec(int packetIdentifier, int reasonCode) {
            down.add(() -> client.onAnswer(packetIdentifier, false));
        }

        @Override
        public void sendPubRel(int packetIdentifier, int reasonCode) {
            down.add(() -> client.onPubRel(packetIdentifier));
        }

        @Override
        public void sendPubComp(int packetIdentifier, int reasonCode) {
            down.add(() -> client.onAnswer(packetIdentifier, true));
        }

        @Override
        public void close(CloseReason reason) {
            throw new AssertionError("closed: " + reason);
        }
    }

    /** The client's side of both flows, as the specification describes it. */
    private final class Client {
        private final List<String> received = new ArrayList<>();
        private final Map<Integer, Boolean> taken = new HashMap<>();
        private final List<String> sent = new ArrayList<>();
        private final Map<Integer, Outgoing> outgoing = new LinkedHashMap<>();
        private int lastIdentifier;

        private record Outgoing(String topic, Qos qos, boolean received) {}

        List<String> received(int qos) {
            return received.stream()
                    .filter(topic -> topic.startsWith("down" + qos))
                    .toList();
        }

        List<String> sent(int qos) {
            return sent.stream().filter(topic -> topic.startsWith("up" + qos)).toList();
        }

        boolean isWaiting() {
            return !outgoing.isEmpty();
        }

        void onPublish(String topic, Qos qos, int packetIdentifier) {
            var answering = wire;
            if (qos == Qos.AT_LEAST_ONCE) {
                received.add(topic);
                wire.up.add(() -> session.onPubAck(answering, packetIdentifier, 0));
                return;
            }
            if (taken.putIfAbsent(packetIdentifier, true) == null) {
                received.add(topic);
            }
            wire.up.add(() -> session.onPubRec(answering, packetIdentifier, 0, 0));
        }

        void onPubRel(int packetIdentifier) {
            var answering = wire;
            taken.remove(packetIdentifier);
            wire.up.add(() -> session.onPubComp(answering, packetIdentifier, 0));
        }

        void publish(String topic) {
            var qos = topic.startsWith("up1") ? Qos.AT_LEAST_ONCE : Qos.EXACTLY_ONCE;
            do {
                lastIdentifier = lastIdentifier % 50 + 1; // Few, so that they are used again soon.
            } while (outgoing.containsKey(lastIdentifier) && outgoing.size() < 50);
            if (!outgoing.containsKey(lastIdentifier)) {
                sent.add(topic);
                outgoing.put(lastIdentifier, new Outgoing(topic, qos, false));
                send(lastIdentifier, topic, qos);
            }
        }

        void onAnswer(int packetIdentifier, boolean last) {
            var answered = outgoing.get(packetIdentifier);
            if (answered == null) {
                throw new AssertionError("an answer to " + packetIdentifier + ", which was not asked");
            }
            if (last) {
                outgoing.remove(packetIdentifier);
            } else {
                outgoing.put(packetIdentifier, new Outgoing(answered.topic(), answered.qos(), true));
                release(packetIdentifier);
            }
        }

        void resume() {
            outgoing.forEach((packetIdentifier, message) -> {
                if (message.received()) {
                    release(packetIdentifier);
                } else {
                    send(packetIdentifier, message.topic(), message.qos());
                }
            });
        }

        private void release(int packetIdentifier) {
            var over = wire;
            wire.up.add(() -> session.onPubRel(over, packetIdentifier, 0));
        }

        private void send(int packetIdentifier, String topic, Qos qos) {
            var over = wire;
            wire.up.add(() -> {
                switch (session.onPublish(over, qos, packetIdentifier, 0)) {
                    case PUBLISH -> arrived(topic, new Arrival(session.lastArrival(), qos, packetIdentifier));
                    case PUBLISH_AGAIN -> {
                        var id = session.identity(packetIdentifier).orElseThrow();
                        publishAs(id, topic, new Arrival(session.lastArrival(), qos, packetIdentifier));
                    }
                    case DUPLICATE, IGNORE -> {}
                }
            });
        }
    }

    private void arrived(String topic, Arrival arrival) {
        lastId++;
        var id = new PublicationId(1, 1, lastId);
        if (arrival.qos() == Qos.EXACTLY_ONCE) {
            session.takeIn(arrival.packetIdentifier(), id, (_, _) -> publishAs(id, topic, arrival), 0);
        } else {
            publishAs(id, topic, arrival);
        }
    }

    /** Whoever gets the message recognises it by its identity. */
    private void publishAs(PublicationId id, String topic, Arrival arrival) {
        if (publishedAs.add(id)) {
            published.add(topic);
        }
        arrivals.add(arrival);
    }

    private static final class Owner implements SessionOwner {
        @Override
        public void ended(Session session) {
            throw new AssertionError("ended");
        }

        @Override
        public void presenceChanged(Session session) {
            // Of no consequence without shared subscriptions.
        }

        @Override
        public void dropped(Session session, DropReason reason) {
            throw new AssertionError("dropped: " + reason);
        }

        @Override
        public void passOn(Publication publication, Subscription subscription) {
            throw new AssertionError("nothing is shared");
        }

        @Override
        public void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit) {
            throw new AssertionError("nothing is retained");
        }
    }
}
