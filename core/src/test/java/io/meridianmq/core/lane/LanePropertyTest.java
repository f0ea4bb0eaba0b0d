package io.meridianmq.core.lane;

import static io.meridianmq.core.lane.LaneFixtures.LANE;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.publication.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One lane over a channel that loses, repeats, delays and, from one path to the next, reorders frames, toward two landing
 * nodes that forget everything now and then, run out of room, write down later what they take, and sometimes cannot.
 */
class LanePropertyTest {

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
    void everythingIsAcceptedInOrderAndOncePerReceiverState(long seed) {
        new World(seed).run();
    }

    private static final class World implements LaneSender.Sink {

        private static final LaneSettings SETTINGS =
                new LaneSettings(8, 400, 30, 1_500, 1_000, 100_000, Duration.ofMillis(200), Duration.ofSeconds(2));
        private static final int PUBLICATIONS = 200;

        private final Random random;
        private final boolean fifoPaths;
        private final LaneSender sender = new LaneSender(LANE, SETTINGS, new RoundTrip(SETTINGS), this);
        private final LaneReceivers[] landings = new LaneReceivers[2];
        private final TreeMap<Long, List<Runnable>> channel = new TreeMap<>();
        private final List<Publication> publications = new ArrayList<>();

        private long nowNanos;
        private boolean pathUp;
        private boolean room = true;
        private int landing;
        private long nextCustodyBase;
        /** A frame of the current path arrives no earlier than this. */
        private long pathBusyUntilNanos;

        private final Map<LaneReceivers, Long> lastAccepted = new HashMap<>();
        private final BitSet accepted = new BitSet();
        private final BitSet kept = new BitSet();
        /** What a receiver was told that it is not kept, and has not taken again. */
        private final Map<LaneReceivers, TreeSet<Long>> notKept = new HashMap<>();

        private final Map<LaneReceivers, Long> floors = new HashMap<>();

        /** Counts how often a receiver has forgotten everything: what it was writing then is lost. */
        private final Map<LaneReceivers, Integer> lives = new HashMap<>();

        private boolean diskFails = true;
        private final BitSet settled = new BitSet();
        private long completed;
        private long released;

        World(long seed) {
            random = new Random(seed);
            fifoPaths = random.nextBoolean();
            landings[0] = receivers();
            landings[1] = receivers();
        }

        void run() {
            for (var step = 0; released < PUBLICATIONS && step < 20_000; step++) {
                if (step < 5_000) {
                    disturb();
                } else {
                    settle();
                }
                offerSome();
                advance();
            }
            assertThat(completed).as("all tokens complete").isEqualTo(PUBLICATIONS);
            assertThat(released).as("all are settled").isEqualTo(PUBLICATIONS);
            assertThat(accepted.cardinality()).isEqualTo(PUBLICATIONS);
            assertThat(sender.heldFrames()).isZero();
            assertThat(sender.heldBytes()).isZero();
            assertThat(sender.inFlightFrames()).isZero();
            assertThat(sender.nextDeadlineNanos()).isEqualTo(LaneSender.NO_DEADLINE);
            while (!channel.isEmpty()) {
                advance();
            }
            assertThat(publications)
                    .allSatisfy(publication ->
                            assertThat(LaneFixtures.holders(publication)).isZero());
        }

        private void disturb() {
            switch (random.nextInt(150)) {
                case 0 -> losePath();
                case 1, 2, 3 -> restorePath();
                case 4 -> landing = 1 - landing;
                case 5 -> landings[random.nextInt(2)] = receivers();
                case 6 -> forgetSource(landings[random.nextInt(2)]);
                case 7, 8 -> room = false;
                case 9, 10 -> room();
                default -> {
                    // Most steps only let time pass.
                }
            }
        }

        private void forgetSource(LaneReceivers receivers) {
            receivers.dropSource(LANE.source());
            lastAccepted.remove(receivers);
            notKept.remove(receivers);
            floors.remove(receivers);
            lives.merge(receivers, 1, Integer::sum);
        }

        private void settle() {
            if (!pathUp) {
                restorePath();
            }
            diskFails = false;
            room();
        }

        private void losePath() {
            pathUp = false;
            sender.onPathLost();
        }

        private void restorePath() {
            pathUp = true;
            pathBusyUntilNanos = nowNanos;
            sender.onPathRestored(nowNanos);
        }

        private void room() {
            room = true;
            for (var receivers : landings) {
                receivers.onRoom();
            }
        }

        private LaneReceivers receivers() {
            nextCustodyBase += 1_000;
            var receivers = new LaneReceivers(nextCustodyBase, 4, Duration.ofSeconds(10), _ -> true);
            lives.put(receivers, 0);
            return receivers;
        }

        private void offerSome() {
            while (publications.size() < PUBLICATIONS && random.nextInt(3) == 0) {
                var number = publications.size() + 1L;
                var publication = LaneFixtures.publication(number, random.nextInt(120));
                if (!sender.offer(publication, Waybill.NONE, number, nowNanos)) {
                    return;
                }
                publications.add(publication);
                assertThat(sender.heldFrames() - sender.keptFrames())
                        .isLessThanOrEqualTo(SETTINGS.queueFrames() + 1_000);
                assertThat(sender.inFlightFrames()).isLessThanOrEqualTo(SETTINGS.windowFrames());
            }
        }

        private void advance() {
            nowNanos += random.nextLong(4 * MS);
            while (!channel.isEmpty() && channel.firstKey() <= nowNanos) {
                channel.pollFirstEntry().getValue().forEach(Runnable::run);
            }
            for (var receivers : landings) {
                receivers.flushAcks(ack -> transmit(() -> sender.onAck(ack, nowNanos)));
                receivers.flushLateAcks(ack -> transmit(() -> sender.onAck(ack, nowNanos)));
            }
            sender.onTick(nowNanos);
        }

        @Override
        public void send(Frame.LaneData frame) {
            assertThat(pathUp).as("sends only while there is a path").isTrue();
            assertThat(frame.publication().id().number()).isEqualTo(frame.number());
            transmit(() -> arrive(frame));
        }

        /** Delivers once, twice or never, later; in order only within one path, and only in half of the worlds. */
        private void transmit(Runnable delivery) {
            for (var copies = random.nextInt(10) == 0 ? 2 : 1; copies > 0; copies--) {
                if (random.nextInt(12) == 0) {
                    continue;
                }
                var at = nowNanos + random.nextLong(random.nextInt(20) == 0 ? 600 * MS : 20 * MS);
                if (fifoPaths) {
                    at = Math.max(at, pathBusyUntilNanos);
                    pathBusyUntilNanos = at;
                }
                channel.computeIfAbsent(at, _ -> new ArrayList<>()).add(delivery);
            }
        }

        private void later(Runnable settling) {
            channel.computeIfAbsent(nowNanos + random.nextLong(50 * MS), _ -> new ArrayList<>())
                    .add(settling);
        }

        private void arrive(Frame.LaneData frame) {
            var receivers = landings[landing];
            var settles = random.nextBoolean();
            var again = notKept.computeIfAbsent(receivers, _ -> new TreeSet<>());
            floors.merge(receivers, frame.floor(), Math::max);
            again.headSet(frame.floor()).clear(); // Its source has it from the other one.
            var verdict = receivers.onData(frame, room, settles, nowNanos);
            var number = frame.publication().id().number();
            if (verdict == Verdict.KEEP_AGAIN) {
                assertThat(again.pollFirst())
                        .as("what was not kept is taken again in order")
                        .isEqualTo(number);
                keep(receivers, number);
            } else if (verdict == Verdict.ACCEPTED) {
                if (settles) {
                    settled.set((int) number);
                } else {
                    later(() -> {
                        settled.set((int) number);
                        receivers.onSettled(LANE, number);
                    });
                }
                assertThat(number)
                        .as("in order, and once, in one receiver's state")
                        .isGreaterThan(lastAccepted.getOrDefault(receivers, 0L));
                assertThat(accepted.nextClearBit(1)).as("nothing is overtaken").isGreaterThanOrEqualTo((int) number);
                lastAccepted.put(receivers, number);
                accepted.set((int) number);
                assertThat(again)
                        .as("nothing new is taken before what was not kept")
                        .isEmpty();
                if (random.nextInt(3) == 0) {
                    kept.set((int) number);
                } else {
                    receivers.awaitKept(LANE, number);
                    keep(receivers, number);
                }
            }
        }

        private void keep(LaneReceivers receivers, long number) {
            var life = lives.getOrDefault(receivers, 0);
            channel.computeIfAbsent(nowNanos + random.nextLong(50 * MS), _ -> new ArrayList<>())
                    .add(() -> {
                        if (!life.equals(lives.get(receivers))
                                || !List.of(landings).contains(receivers)) {
                            return; // It crashed before.
                        }
                        if (diskFails && random.nextInt(4) == 0) {
                            if (number >= floors.getOrDefault(receivers, 0L)) {
                                notKept.computeIfAbsent(receivers, _ -> new TreeSet<>())
                                        .add(number);
                            }
                            receivers.onNotKept(LANE, number);
                        } else {
                            kept.set((int) number);
                            receivers.onKept(LANE, number);
                        }
                    });
        }

        @Override
        public void accepted(long token, LaneSender.Outcome outcome) {
            completed++;
            assertThat(token).as("completes in order").isEqualTo(completed);
            assertThat(outcome).isEqualTo(LaneSender.Outcome.ACCEPTED);
            assertThat(kept.get((int) token))
                    .as("what completes was accepted, and kept, by somebody")
                    .isTrue();
        }

        @Override
        public void released(long token) {
            released++;
            assertThat(token).as("is released in order").isEqualTo(released);
            assertThat(settled.get((int) token) && kept.get((int) token))
                    .as("what is released was settled by somebody, and kept by somebody")
                    .isTrue();
        }
    }
}
