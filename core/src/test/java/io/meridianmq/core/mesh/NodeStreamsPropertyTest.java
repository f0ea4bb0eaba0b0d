package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.stream.StreamOutlet;
import io.meridianmq.core.stream.StreamSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three nodes that talk over a network that loses, repeats, delays, reorders and cuts, that start again, and that lose sight of
 * each other for a while.
 *
 * <p>What a node is told and says about one start of a peer falls into eras, which streamEnded divides. An era of one belongs
 * to one era of the other, if any: else what one said before it was told has reached the other after it was, or the other was
 * never told.
 */
class NodeStreamsPropertyTest {

    private static final int ROUNDS = 300;
    private static final long MS = 1_000_000;

    static List<Long> seeds() {
        var given = System.getProperty("meridian.seed", "");
        if (!given.isEmpty()) {
            return List.of(Long.parseLong(given));
        }
        var seeds = new ArrayList<Long>();
        for (var seed = 1L; seed <= ROUNDS; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest(name = "meridian.seed={0}")
    @MethodSource("seeds")
    void itemsArriveOnceAndInOrderOrBothSidesAreTold(long seed) {
        new World(seed).run();
    }

    /** What one start of a node says to one start of another, and hears from it, since it was last told of an end. */
    private static final class Talk {
        int era;
        int said;
        int heard;
    }

    private record EraOf(Incarnation self, Incarnation peer, int era) {}

    private static final class World {

        private static final StreamSettings SETTINGS = new StreamSettings(
                400,
                1_000,
                5_000,
                Duration.ofMillis(4),
                Duration.ofMillis(50),
                Duration.ofMillis(200),
                Duration.ofSeconds(2));
        private static final int NODES = 3;
        private static final long STEP_NANOS = 5 * MS;
        private static final int ROUGH_STEPS = 4_000;
        private static final int CALM_STEPS = 2_000;

        private final Random random;
        private final TreeMap<Long, List<Runnable>> channel = new TreeMap<>();
        private final List<Node> nodes = new ArrayList<>();
        private final Set<Place> unlisted = new HashSet<>();
        private final Set<Set<Place>> cuts = new HashSet<>();
        private final Map<EraOf, Integer> peerEras = new HashMap<>();
        private boolean calm;
        private long nowNanos;
        private long revision;
        private long lastBoot;

        World(long seed) {
            random = new Random(seed);
            for (var index = 0; index < NODES; index++) {
                nodes.add(new Node(Place.node("us", "a", "n" + index)));
            }
            directoryChanged();
        }

        void run() {
            for (var step = 0; step < ROUGH_STEPS; step++) {
                disturb();
                advance();
            }
            calm = true;
            cuts.clear();
            unlisted.clear();
            directoryChanged();
            pass(CALM_STEPS);
            var eras = eras();
            nodes.forEach(Node::greetAll);
            pass(CALM_STEPS);
            assertThat(eras()).as("nothing ends while all is well").isEqualTo(eras);
            for (var one : nodes) {
                assertThat(one.streams.figures().heldBytes()).isZero();
                for (var other : nodes) {
                    if (one != other) {
                        assertThat(other.talk(one.self).heard)
                                .as("%s hears all that %s says", other.self, one.self)
                                .isPositive()
                                .isEqualTo(one.talk(other.self).said);
                    }
                }
            }
        }

        private void pass(int steps) {
            for (var step = 0; step < steps; step++) {
                advance();
            }
        }

        private List<Integer> eras() {
            var eras = new ArrayList<Integer>();
            nodes.forEach(one -> nodes.forEach(other -> eras.add(one.talk(other.self).era)));
            return eras;
        }

        private void disturb() {
            switch (random.nextInt(1_000)) {
                case 0 -> restart(random.nextInt(NODES));
                case 1, 2 -> {
                    unlisted.add(anyNode().self.place());
                    directoryChanged();
                }
                case 3, 4, 5 -> {
                    unlisted.clear();
                    directoryChanged();
                }
                case 6, 7 ->
                    cuts.add(Set.of(
                            nodes.get(0).self.place(),
                            nodes.get(1 + random.nextInt(2)).self.place()));
                case 8, 9, 10 -> cuts.clear();
                default -> {
                    // Most steps only let time pass.
                }
            }
            var talker = anyNode();
            if (random.nextInt(4) == 0) {
                var peer = talker.anyPeerEverSeen();
                var burst = random.nextInt(20) == 0 ? 60 : random.nextInt(4);
                for (var count = 0; count < burst; count++) {
                    talker.say(peer);
                }
            }
        }

        private void restart(int index) {
            nodes.set(index, new Node(nodes.get(index).self.place()));
            directoryChanged();
        }

        private Node anyNode() {
            return nodes.get(random.nextInt(NODES));
        }

        private void directoryChanged() {
            revision++;
            var view = MembershipView.of(
                    revision,
                    nodes.stream()
                            .map(node -> node.self)
                            .filter(start -> !unlisted.contains(start.place()))
                            .map(start -> new Member(start.place(), start.boot(), "", "", ""))
                            .toList());
            nodes.forEach(node -> later(500, () -> node.onView(view)));
        }

        private void send(Incarnation from, Place to, SlotMessage.Stream part) {
            var bytes = part.items().stream().mapToLong(StreamItem::sizeBytes).sum();
            assertThat(part.items().size() <= 1 || bytes <= SETTINGS.partBytes())
                    .as("a part is small or a single item")
                    .isTrue();
            if (cuts.contains(Set.of(from.place(), to))) {
                return;
            }
            var copies = calm ? 1 : random.nextInt(20) == 0 ? 2 : random.nextInt(10) == 0 ? 0 : 1;
            for (var copy = 0; copy < copies; copy++) {
                later(
                        random.nextInt(100) == 0 ? 3_000 : 30,
                        () -> nodes.stream()
                                .filter(node -> node.self.place().equals(to))
                                .forEach(node -> node.streams.onPart(from, part, nowNanos)));
            }
        }

        private void later(int mostMillis, Runnable event) {
            channel.computeIfAbsent(nowNanos + random.nextInt(1 + mostMillis) * MS, _ -> new ArrayList<>())
                    .add(event);
        }

        private void advance() {
            nowNanos += STEP_NANOS;
            while (!channel.isEmpty() && channel.firstKey() <= nowNanos) {
                channel.pollFirstEntry().getValue().forEach(Runnable::run);
            }
            for (var node : nodes) {
                node.streams.flush(nowNanos);
                assertThat(node.streams.figures().heldBytes()).isLessThanOrEqualTo((NODES - 1) * SETTINGS.heldBytes());
            }
        }

        private final class Node implements StreamOutlet {

            final Incarnation self;
            final NodeStreams streams;
            private final Map<Incarnation, Talk> talks = new LinkedHashMap<>();
            private MembershipView view = MembershipView.EMPTY;

            Node(Place place) {
                self = new Incarnation(place, ++lastBoot);
                streams = new NodeStreams(
                        self,
                        SETTINGS,
                        this,
                        (to, message) -> World.this.send(self, to.place(), (SlotMessage.Stream) message),
                        nowNanos);
            }

            Talk talk(Incarnation peer) {
                return talks.computeIfAbsent(peer, _ -> new Talk());
            }

            void onView(MembershipView newer) {
                if (newer.revision() > view.revision()) {
                    view = newer;
                    view.members().values().forEach(member -> talk(member.incarnation()));
                    streams.onView(newer, nowNanos);
                }
            }

            Incarnation anyPeerEverSeen() {
                var peers = talks.keySet().stream()
                        .filter(peer -> !peer.equals(self))
                        .toList();
                return peers.isEmpty() ? new Incarnation(Place.node("us", "a", "never"), 1) : oneOfTheLatest(peers);
            }

            void greetAll() {
                nodes.stream().filter(node -> node != this).forEach(node -> say(node.self));
            }

            void say(Incarnation peer) {
                var talk = talk(peer);
                var body = ByteBuffer.allocate(8 + (random.nextInt(50) == 0 ? 450 : random.nextInt(80)));
                body.putInt(talk.era).putInt(talk.said++);
                streams.send(peer, new StreamItem(random.nextLong(), CanonicalBytes.wrap(body.array())));
            }

            @Override
            public void arrived(Incarnation peer, StreamItem item) {
                var talk = talk(peer);
                var body = item.body().asByteBuffer();
                var peerEra = body.getInt();
                assertThat(body.getInt()).as("%s hears %s", self, peer).isEqualTo(talk.heard++);
                assertThat(peerEras.computeIfAbsent(new EraOf(self, peer, talk.era), _ -> peerEra))
                        .as("the era of %s for era %d of %s", peer, talk.era, self)
                        .isEqualTo(peerEra);
                assertThat(peerEras.computeIfAbsent(new EraOf(peer, self, peerEra), _ -> talk.era))
                        .as("the era of %s for era %d of %s", self, peerEra, peer)
                        .isEqualTo(talk.era);
                if (!calm && random.nextInt(4) == 0) {
                    say(peer);
                }
            }

            @Override
            public void streamEnded(Incarnation peer) {
                var talk = talk(peer);
                talk.era++;
                talk.said = 0;
                talk.heard = 0;
                if (!calm && random.nextInt(3) == 0) {
                    say(peer);
                }
            }

            private Incarnation oneOfTheLatest(List<Incarnation> peers) {
                return peers.get(Math.max(0, peers.size() - 1 - random.nextInt(3)));
            }
        }
    }
}
