package io.meridianmq.core.lane;

import static io.meridianmq.core.lane.LaneFixtures.LANE;
import static io.meridianmq.core.lane.LaneFixtures.holders;
import static io.meridianmq.core.lane.LaneFixtures.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.publication.Publication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneSenderTest {

    private static final long MS = 1_000_000;
    private static final long CUSTODY = 900;
    private static final LaneSettings SMALL =
            new LaneSettings(4, 1_000, 8, 4_000, 6, 1_000, Duration.ofMillis(200), Duration.ofSeconds(2));

    private final List<Frame.LaneData> frames = new ArrayList<>();
    private final List<String> completions = new ArrayList<>();
    private final List<Long> released = new ArrayList<>();
    private final LaneSender sender = new LaneSender(LANE, SMALL, new RoundTrip(SMALL), new LaneSender.Sink() {
        @Override
        public void send(Frame.LaneData frame) {
            frames.add(frame);
        }

        @Override
        public void accepted(long token, LaneSender.Outcome outcome) {
            completions.add(token + " " + outcome);
        }

        @Override
        public void released(long token) {
            released.add(token);
        }
    });

    @Test
    void sendsNothingBeforeThereIsAPath() {
        offer(2);
        assertThat(frames).isEmpty();
        sender.onPathRestored(0);
        assertThat(sentNumbers()).containsExactly(1L, 2L);
    }

    @Test
    void numbersAreDenseFromOneAndTheWindowLimitsFrames() {
        sender.onPathRestored(0);
        offer(6);
        assertThat(sentNumbers()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(sender.inFlightFrames()).isEqualTo(4);
        assertThat(sender.heldFrames()).isEqualTo(6);
    }

    @Test
    void theWindowLimitsBytesButOneFrameAlwaysGoes() {
        sender.onPathRestored(0);
        assertThat(sender.offer(publication(1, 3_000), Waybill.NONE, 1, 0)).isTrue();
        assertThat(sender.offer(publication(2, 1), Waybill.NONE, 2, 0)).isTrue();
        assertThat(sentNumbers()).containsExactly(1L);
        sender.onAck(ack(1), 0);
        assertThat(sentNumbers()).containsExactly(1L, 2L);
    }

    @Test
    void acceptedPublicationsCompleteInOrderAndAreReleased() {
        sender.onPathRestored(0);
        var publications = offer(3);
        sender.onAck(ack(2), 0);
        assertThat(completions).containsExactly("1 ACCEPTED", "2 ACCEPTED");
        assertThat(publications).extracting(LaneFixtures::holders).containsExactly(0, 0, 1);
        assertThat(sender.heldBytes()).isEqualTo(10);
    }

    @Test
    void everyFrameCarriesTheLowestNumberStillWaitedFor() {
        sender.onPathRestored(0);
        offer(3);
        sender.onAck(ack(2), 0);
        offer(1);
        assertThat(frames).extracting(Frame.LaneData::floor).containsExactly(1L, 1L, 1L, 3L);
    }

    @Test
    void aFullLaneTakesNothingAndReleasesNothing() {
        offer(8);
        var ninth = publication(9, 10);
        assertThat(sender.offer(ninth, Waybill.NONE, 9, 0)).isFalse();
        assertThat(holders(ninth)).isEqualTo(1);
        assertThat(sender.heldFrames()).isEqualTo(8);
    }

    @Test
    void aLaneFullOfBytesTakesNothingButAnEmptyOneTakesAnySize() {
        assertThat(sender.offer(publication(1, 5_000), Waybill.NONE, 1, 0)).isTrue();
        assertThat(sender.offer(publication(2, 0), Waybill.NONE, 2, 0)).isFalse();
    }

    @Test
    void anAcknowledgementBelowFromTheSameReceiverIsOldNews() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(ack(3), 0);
        frames.clear();
        sender.onAck(gap(1), 0);
        assertThat(frames).isEmpty();
    }

    @Test
    void aGapGoesBackToTheMarkOnceUntilThereIsProgress() {
        sender.onPathRestored(0);
        offer(4);
        frames.clear();
        sender.onAck(gap(1), 0);
        assertThat(sentNumbers()).containsExactly(2L, 3L, 4L);
        assertThat(sender.resends()).isEqualTo(3);
        sender.onAck(gap(1), 0);
        assertThat(frames).hasSize(3);
        sender.onAck(gap(2), 0);
        assertThat(sentNumbers()).containsExactly(2L, 3L, 4L, 3L, 4L);
    }

    @Test
    void aGapIsHeardAgainAfterTheResendTimeout() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(gap(0), 0);
        sender.onTick(200 * MS);
        frames.clear();
        sender.onAck(gap(0), 201 * MS);
        assertThat(sentNumbers()).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aReceiverWithoutStateHearsTheFloor() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(ack(2), 0);
        frames.clear();
        sender.onAck(new Frame.LaneAck(LANE, CUSTODY + 1, 0, 0, true, 0), 0);
        assertThat(sentNumbers()).containsExactly(3L, 4L);
        assertThat(frames).extracting(Frame.LaneData::floor).containsOnly(3L);
    }

    @Test
    void theHighestMarkCountsWhicheverReceiverItComesFrom() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(new Frame.LaneAck(LANE, CUSTODY + 1, 1, 1, false, 0), 0);
        sender.onAck(ack(3), 0);
        assertThat(completions).containsExactly("1 ACCEPTED", "2 ACCEPTED", "3 ACCEPTED");
    }

    @Test
    void whatIsAcceptedIsKeptUntilItIsSettled() {
        sender.onPathRestored(0);
        var publications = offer(3);
        sender.onAck(accepted(3, 0), 0);
        assertThat(completions).hasSize(3);
        assertThat(released).isEmpty();
        assertThat(sender.keptFrames()).isEqualTo(3);
        sender.onAck(accepted(3, 2), 0);
        assertThat(released).containsExactly(1L, 2L);
        assertThat(publications).extracting(LaneFixtures::holders).containsExactly(0, 0, 1);
    }

    @Test
    void anotherReceiverGetsAllThatIsNotSettledAndNobodyHearsOfItTwice() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(accepted(4, 1), 0);
        frames.clear();
        sender.onAck(new Frame.LaneAck(LANE, CUSTODY + 1, 1, 1, true, 0), 0);
        assertThat(sentNumbers()).containsExactly(2L, 3L, 4L);
        assertThat(frames).extracting(Frame.LaneData::floor).containsOnly(2L);
        sender.onAck(new Frame.LaneAck(LANE, CUSTODY + 1, 4, 4, false, 0), 0);
        assertThat(completions).hasSize(4);
        assertThat(released).containsExactly(1L, 2L, 3L, 4L);
        assertThat(sender.nextDeadlineNanos()).isEqualTo(LaneSender.NO_DEADLINE);
    }

    @Test
    void whoKnowsOfAnotherReceiverSendsAllThatIsNotSettledAtOnce() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(accepted(3, 1), 0);
        frames.clear();
        sender.onPathLost();
        sender.onOtherReceiver();
        sender.onPathRestored(0);
        assertThat(sentNumbers()).containsExactly(2L, 3L, 4L);
    }

    @Test
    void lateNewsFromAnEarlierReceiverIsCorrectedByTheOneThatHasTheLane() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(accepted(2, 0), 0);
        sender.onAck(new Frame.LaneAck(LANE, CUSTODY + 1, 0, 0, true, 0), 0);
        sender.onAck(accepted(4, 0), 0);
        frames.clear();
        sender.onAck(new Frame.LaneAck(LANE, CUSTODY + 1, 1, 0, false, 0), 0);
        assertThat(sentNumbers()).containsExactly(2L, 3L, 4L);
        assertThat(released).isEmpty();
    }

    @Test
    void silenceAboutWhatIsKeptMakesItAskWithTheOldest() {
        sender.onPathRestored(0);
        offer(3);
        sender.onAck(accepted(3, 1), 0);
        frames.clear();
        assertThat(sender.nextDeadlineNanos()).isEqualTo(2_000 * MS);
        sender.onTick(2_000 * MS);
        assertThat(sentNumbers()).containsExactly(2L);
        sender.onAck(accepted(3, 3), 2_001 * MS);
        assertThat(sender.nextDeadlineNanos()).isEqualTo(LaneSender.NO_DEADLINE);
        assertThat(released).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatOneReceiverSettledIsSettledForAll() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(accepted(3, 0), 0);
        sender.onAck(new Frame.LaneAck(LANE, CUSTODY + 1, 0, 0, true, 0), 0);
        frames.clear();
        sender.onAck(accepted(3, 3), 0);
        assertThat(released).containsExactly(1L, 2L, 3L);
        offer(1);
        assertThat(frames).last().satisfies(frame -> assertThat(frame.floor()).isEqualTo(4));
    }

    @Test
    void beyondItsBoundsItKeepsNothingOld() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(accepted(4, 0), 0);
        offer(4);
        sender.onAck(accepted(8, 0), 0);
        assertThat(released).containsExactly(1L, 2L);
        sender.letGo();
        assertThat(sender.heldFrames()).isZero();
    }

    @Test
    void whatIsMerelyKeptTakesNoRoom() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(accepted(4, 0), 0);
        offer(8);
        assertThat(sender.hasRoomFor(publication(20, 1))).isFalse();
        sender.onAck(accepted(5, 0), 0);
        assertThat(sender.hasRoomFor(publication(20, 1))).isTrue();
    }

    @Test
    void aReceiverThatSettlesMoreThanItAcceptedIsNotBelieved() {
        sender.onPathRestored(0);
        offer(4);
        sender.onAck(accepted(2, 3), 0);
        assertThat(sender.strayAcks()).isEqualTo(1);
        assertThat(completions).isEmpty();
    }

    @Test
    void aMarkNeverSentIsNotBelieved() {
        sender.onPathRestored(0);
        offer(6);
        sender.onAck(ack(5), 0);
        assertThat(completions).isEmpty();
        assertThat(sender.strayAcks()).isEqualTo(1);
        sender.onAck(ack(4), 0);
        assertThat(completions).hasSize(4);
    }

    @Test
    void silenceMakesItAskWithOneFrameAtDoublingIntervals() {
        sender.onPathRestored(0);
        offer(4);
        assertThat(sender.nextDeadlineNanos()).isEqualTo(200 * MS);
        frames.clear();
        sender.onTick(199 * MS);
        assertThat(frames).isEmpty();
        var now = 0L;
        for (var waited : new long[] {200, 400, 800, 1_600, 2_000, 2_000}) {
            assertThat(sender.nextDeadlineNanos()).isEqualTo(now + waited * MS);
            now += waited * MS;
            sender.onTick(now);
        }
        assertThat(sentNumbers()).containsExactly(1L, 1L, 1L, 1L, 1L, 1L);
        sender.onAck(ack(1), now);
        assertThat(sender.nextDeadlineNanos()).as("it took 7 s").isEqualTo(now + 2_000 * MS);
        assertThat(sentNumbers()).endsWith(1L, 2L, 3L, 4L);
    }

    @Test
    void anEmptyLaneWaitsForNothing() {
        sender.onPathRestored(0);
        assertThat(sender.nextDeadlineNanos()).isEqualTo(LaneSender.NO_DEADLINE);
        offer(1);
        sender.onAck(ack(1), 0);
        assertThat(sender.nextDeadlineNanos()).isEqualTo(LaneSender.NO_DEADLINE);
    }

    @Test
    void aLostPathStopsEverythingAndTheNextOneSendsAllThatIsNotAccepted() {
        sender.onPathRestored(0);
        offer(4);
        sender.onPathLost();
        frames.clear();
        sender.onTick(10_000 * MS);
        offer(1);
        assertThat(frames).isEmpty();
        assertThat(sender.nextDeadlineNanos()).isEqualTo(LaneSender.NO_DEADLINE);
        sender.onAck(ack(2), 10_000 * MS);
        sender.onPathRestored(10_000 * MS);
        assertThat(sentNumbers()).containsExactly(3L, 4L, 5L);
    }

    @Test
    void anAbandonedLaneCompletesAllAsGoneAndGoesOnWithItsNumbers() {
        sender.onPathRestored(0);
        var publications = offer(6);
        sender.abandon();
        assertThat(completions).hasSize(6).allMatch(line -> line.endsWith("GONE"));
        assertThat(publications).extracting(LaneFixtures::holders).containsOnly(0);
        sender.onAck(ack(4), 0);
        assertThat(completions).hasSize(6);
        frames.clear();
        assertThat(sender.offer(publication(7, 1), Waybill.NONE, 7, 0)).isTrue();
        sender.onPathRestored(0);
        assertThat(sentNumbers()).containsExactly(7L);
    }

    @Test
    void nobodyWaitsForADestinationThatIsAwayAndItGetsEverythingWhenItIsBack() {
        sender.onPathRestored(0);
        offer(3);
        sender.onAck(ack(1), 0);
        sender.standIn();
        assertThat(completions).containsExactly("1 ACCEPTED", "2 ACCEPTED", "3 ACCEPTED");
        frames.clear();
        assertThat(sender.offer(publication(4, 1), Waybill.NONE, 4, 0)).isTrue();
        assertThat(completions).endsWith("4 ACCEPTED").hasSize(4);
        assertThat(frames).isEmpty();
        assertThat(released).containsExactly(1L);

        assertThat(sender.hasCaughtUp()).isFalse();
        sender.standDown();
        assertThat(sender.hasCaughtUp()).isFalse();
        sender.onPathRestored(0);
        assertThat(sentNumbers()).containsExactly(2L, 3L, 4L);
        assertThat(sender.offer(publication(5, 1), Waybill.NONE, 5, 0)).isTrue();
        assertThat(completions).as("it is waited for again").hasSize(4);
        sender.onAck(ack(3), 0);
        assertThat(sender.hasCaughtUp()).isFalse();
        sender.onAck(ack(4), 0);
        assertThat(sender.hasCaughtUp()).as("all that was held").isTrue();
        sender.onAck(ack(5), 0);
        assertThat(completions).endsWith("5 ACCEPTED").hasSize(5);
        assertThat(released).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void whatIsHeldForADestinationThatDoesNotComeBackIsReleasedOnce() {
        sender.onPathRestored(0);
        var publications = offer(3);
        sender.standIn();
        sender.abandon();
        assertThat(completions).containsExactly("1 ACCEPTED", "2 ACCEPTED", "3 ACCEPTED");
        assertThat(released).containsExactly(1L, 2L, 3L);
        assertThat(publications).extracting(LaneFixtures::holders).containsOnly(0);
        assertThat(sender.offer(publication(4, 1), Waybill.NONE, 4, 0)).isTrue();
        assertThat(completions).as("a later one is waited for").hasSize(3);
    }

    @Test
    void aSlowDestinationIsWaitedForAsLongAsItTakes() {
        sender.onPathRestored(0);
        assertThat(sender.offer(publication(1, 1), Waybill.NONE, 1, 0)).isTrue();
        sender.onTick(200 * MS);
        assertThat(sentNumbers()).as("nothing is known yet").containsExactly(1L, 1L);
        sender.onAck(new Frame.LaneAck(LANE, CUSTODY, 1, 1, false, 0), 600 * MS);
        frames.clear();

        assertThat(sender.offer(publication(2, 1), Waybill.NONE, 2, 600 * MS)).isTrue();
        sender.onTick(2_399 * MS);

        assertThat(sentNumbers()).as("it took 600 ms").containsExactly(2L);
        assertThat(sender.nextDeadlineNanos()).isEqualTo(2_400 * MS);
    }

    @Test
    void aLongQueueKeepsItsOrderWhileItGrowsAroundTheRing() {
        var wide = new LaneSettings(1, 1, 1_000, 100_000, 0, 0, Duration.ofMillis(200), Duration.ofSeconds(2));
        var inOrder = new LaneSender(LANE, wide, new RoundTrip(wide), new LaneSender.Sink() {
            @Override
            public void send(Frame.LaneData frame) {
                frames.add(frame);
            }

            @Override
            public void accepted(long token, LaneSender.Outcome outcome) {
                completions.add(String.valueOf(token));
            }

            @Override
            public void released(long token) {
                released.add(token);
            }
        });
        inOrder.onPathRestored(0);
        var offered = 0L;
        var accepted = 0L;
        for (var round = 1; round <= 100; round++) {
            for (var i = 0; i < 3; i++) {
                offered++;
                assertThat(inOrder.offer(publication(offered, 1), Waybill.NONE, offered, 0))
                        .isTrue();
            }
            accepted++;
            inOrder.onAck(ack(accepted), 0);
        }
        while (accepted < offered) {
            accepted++;
            inOrder.onAck(ack(accepted), 0);
        }
        assertThat(frames)
                .hasSize(300)
                .allMatch(frame -> frame.publication().id().number() == frame.number());
        assertThat(completions).hasSize(300).first().isEqualTo("1");
        assertThat(completions).last().isEqualTo("300");
    }

    @Test
    void limitsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> new LaneSettings(4, 1, 3, 1, 0, 0, Duration.ofMillis(1), Duration.ofMillis(1)))
                .hasMessageContaining("must not be smaller than its window");
        assertThatThrownBy(() -> new LaneSettings(1, 1, 1, 1, 0, 0, Duration.ofMillis(2), Duration.ofMillis(1)))
                .hasMessageContaining("resend time");
        assertThatThrownBy(() -> new LaneSettings(0, 1, 1, 1, 0, 0, Duration.ofMillis(1), Duration.ofMillis(1)))
                .hasMessageContaining("at least one frame");
    }

    /** Offers this many publications of 10 bytes; tokens count on from what was offered before. */
    private List<Publication> offer(int count) {
        var offered = new ArrayList<Publication>();
        for (var i = 0; i < count; i++) {
            var token = completions.size() + sender.heldFrames() + 1L;
            var publication = publication(token, 10);
            assertThat(sender.offer(publication, Waybill.NONE, token, 0)).isTrue();
            offered.add(publication);
        }
        return offered;
    }

    private List<Long> sentNumbers() {
        return frames.stream().map(Frame.LaneData::number).toList();
    }

    private static Frame.LaneAck ack(long mark) {
        return new Frame.LaneAck(LANE, CUSTODY, mark, mark, false, 0);
    }

    private static Frame.LaneAck accepted(long mark, long settled) {
        return new Frame.LaneAck(LANE, CUSTODY, mark, settled, false, 0);
    }

    private static Frame.LaneAck gap(long mark) {
        return new Frame.LaneAck(LANE, CUSTODY, mark, mark, true, 0);
    }
}
