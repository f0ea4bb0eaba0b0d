package io.meridianmq.core.lane;

import static io.meridianmq.core.lane.LaneFixtures.LANE;
import static io.meridianmq.core.lane.LaneFixtures.lane;
import static io.meridianmq.core.lane.LaneFixtures.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneReceiversTest {

    private final LaneReceivers receivers = new LaneReceivers(500, 2, Duration.ofNanos(100), _ -> true);

    @Test
    void takesTheNextNumberOnly() {
        assertThat(data(1, 1)).isEqualTo(Verdict.ACCEPTED);
        assertThat(data(1, 1)).isEqualTo(Verdict.DUPLICATE);
        assertThat(data(1, 3)).isEqualTo(Verdict.GAP);
        assertThat(data(1, 2)).isEqualTo(Verdict.ACCEPTED);
        assertThat(data(1, 3)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void acknowledgesALaneOncePerFlush() {
        data(1, 1);
        data(1, 2);
        data(1, 3);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 3, 3, false, 0));
        assertThat(flush()).isEmpty();
    }

    @Test
    void acceptanceThatNobodyWaitsForIsAcknowledgedLater() {
        var patient = new LaneReceivers(500, 2, Duration.ofNanos(100), _ -> false);
        var acks = new ArrayList<Frame.LaneAck>();
        for (var number = 1; number <= 2; number++) {
            patient.onData(frame(LANE, 1, number), true, false, 0);
            patient.onSettled(LANE, number);
        }
        patient.flushAcks(acks::add);
        assertThat(acks).isEmpty();

        patient.flushLateAcks(acks::add);
        assertThat(acks).containsExactly(new Frame.LaneAck(LANE, 500, 2, 2, false, 0));

        patient.onData(frame(LANE, 1, 4), true, false, 0);
        patient.flushAcks(acks::add);
        assertThat(acks.getLast())
                .as("a gap is reported at once")
                .isEqualTo(new Frame.LaneAck(LANE, 500, 2, 2, true, 0));
        patient.flushLateAcks(_ -> acks.clear());
        assertThat(acks).as("once").hasSize(2);
    }

    @Test
    void nothingIsAcknowledgedBeyondWhatIsNotKept() {
        data(1, 1);
        data(1, 2);
        receivers.awaitKept(LANE, 2);
        data(1, 3);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 1, 1, false, 0));

        data(1, 4);
        assertThat(flush()).as("there is nothing new to say").isEmpty();

        assertThat(data(1, 3)).isEqualTo(Verdict.DUPLICATE);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 1, 1, false, 0));

        receivers.onKept(LANE, 2);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 4, 4, false, 0));
    }

    @Test
    void whatIsNotKeptIsTakenAgainBeforeAnythingNew() {
        for (var number = 1; number <= 3; number++) {
            data(1, number);
            receivers.awaitKept(LANE, number);
        }
        receivers.onNotKept(LANE, 2);
        receivers.onNotKept(LANE, 1);
        receivers.onKept(LANE, 3);
        assertThat(data(1, 4)).isEqualTo(Verdict.GAP);
        assertThat(data(1, 2)).as("not before the one below").isEqualTo(Verdict.DUPLICATE);
        assertThat(flush()).as("not told to go back").containsExactly(new Frame.LaneAck(LANE, 500, 0, 0, false, 0));

        assertThat(receivers.onData(frame(LANE, 1, 1), false, true, 0)).isEqualTo(Verdict.REFUSED);
        assertThat(data(1, 1)).isEqualTo(Verdict.KEEP_AGAIN);
        assertThat(data(1, 1)).isEqualTo(Verdict.DUPLICATE);
        assertThat(data(1, 2)).isEqualTo(Verdict.KEEP_AGAIN);
        assertThat(data(1, 3)).isEqualTo(Verdict.DUPLICATE);
        assertThat(data(1, 4)).isEqualTo(Verdict.ACCEPTED);
        receivers.onKept(LANE, 2);
        flush();
        receivers.onKept(LANE, 1);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 4, 4, false, 0));
    }

    @Test
    void whatItsSourceHasFromAnotherReceiverNeedNotBeKept() {
        data(1, 1);
        data(1, 2);
        receivers.awaitKept(LANE, 1);
        receivers.awaitKept(LANE, 2);
        receivers.onNotKept(LANE, 1);
        assertThat(data(3, 3)).isEqualTo(Verdict.ACCEPTED);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 3, 3, false, 0));
    }

    @Test
    void aDuplicateIsAcknowledgedAgain() {
        data(1, 1);
        flush();
        data(1, 1);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 1, 1, false, 0));
    }

    @Test
    void aGapIsReportedOncePerMarkAndThenTheMarkAlone() {
        data(1, 1);
        data(1, 3);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 1, 1, true, 0));
        data(1, 4);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 1, 1, false, 0));
        data(1, 2);
        data(1, 5);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 2, 2, true, 0));
    }

    @Test
    void withoutStateItBeginsAtTheFloor() {
        assertThat(data(8, 8)).isEqualTo(Verdict.ACCEPTED);
        assertThat(data(8, 9)).isEqualTo(Verdict.ACCEPTED);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 9, 9, false, 0));
    }

    @Test
    void withoutStateItAsksForTheFloorWhenSomethingElseComesFirst() {
        assertThat(data(8, 10)).isEqualTo(Verdict.GAP);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 7, 7, true, 0));
    }

    @Test
    void skipsWhatAnotherReceiverAcceptedAndStillKnowsItsOwn() {
        data(1, 1);
        data(1, 2);
        assertThat(data(1, 2)).isEqualTo(Verdict.DUPLICATE);
        assertThat(data(5, 5)).isEqualTo(Verdict.ACCEPTED);
        assertThat(data(1, 3)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void withoutCapacityTheMarkStaysAndNoGapIsReported() {
        data(1, 1);
        assertThat(data(1, 2, false)).isEqualTo(Verdict.REFUSED);
        assertThat(data(1, 3, false)).isEqualTo(Verdict.GAP);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 1, 1, false, 0));
    }

    @Test
    void whenThereIsRoomAgainTheRefusedNumberIsAskedFor() {
        data(1, 1, false);
        flush();
        receivers.onRoom();
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 0, 0, true, 0));
        receivers.onRoom();
        assertThat(flush()).isEmpty();
    }

    @Test
    void settlesInAnyOrderAndSaysHowFarEverythingIs() {
        for (var number = 1; number <= 4; number++) {
            receivers.onData(frame(LANE, 1, number), true, false, 0);
        }
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 4, 0, false, 0));
        receivers.onSettled(LANE, 2);
        receivers.onSettled(LANE, 4);
        assertThat(flush()).isEmpty();
        receivers.onSettled(LANE, 1);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 4, 2, false, 0));
        receivers.onSettled(LANE, 3);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 500, 4, 4, false, 0));
    }

    @Test
    void whatWasNeverAcceptedHereIsNotSettled() {
        data(1, 1);
        flush();
        receivers.onSettled(LANE, 2);
        receivers.onSettled(lane(7), 1);
        assertThat(flush()).isEmpty();
    }

    @Test
    void lanesThatEndHereNoLongerAreForgotten() {
        on(from("1"), 0);
        on(from("2"), 0);
        receivers.forget(from("1")::equals);
        assertThat(receivers.size()).isEqualTo(1);
        assertThat(flush()).extracting(Frame.LaneAck::lane).containsExactly(from("2"));
        assertThat(on(from("1"), 0)).isEqualTo(Verdict.ACCEPTED);
        assertThat(flush()).extracting(Frame.LaneAck::custody).containsExactly(502L);
    }

    @Test
    void aNewBootOfTheSourceReplacesItsLanesAndTheOldOneIsStale() {
        on(lane(1), 0);
        on(lane(2), 0);
        assertThat(receivers.size()).isEqualTo(1);
        assertThat(on(lane(1), 0)).isEqualTo(Verdict.STALE);
        assertThat(receivers.staleFrames()).isEqualTo(1);
        assertThat(flush()).containsExactly(new Frame.LaneAck(lane(2), 501, 1, 1, false, 0));
    }

    @Test
    void aSourceThatLeftTheViewIsForgottenWithWhatItWasOwed() {
        data(1, 1);
        receivers.dropSource(LANE.source());
        assertThat(receivers.size()).isZero();
        assertThat(flush()).isEmpty();
        data(2, 2);
        assertThat(flush()).containsExactly(new Frame.LaneAck(LANE, 501, 2, 2, false, 0));
    }

    @Test
    void beyondTheLimitALaneIsRefusedUnlessTheLongestUnusedIsIdle() {
        on(from("1"), 0);
        on(from("2"), 10);
        on(from("1"), 20);
        assertThat(on(from("3"), 109)).isEqualTo(Verdict.REFUSED);
        assertThat(receivers.refusedLanes()).isEqualTo(1);
        assertThat(on(from("3"), 110)).isEqualTo(Verdict.ACCEPTED);
        assertThat(receivers.size()).isEqualTo(2);
        flush();
        assertThat(on(from("1"), 110)).isEqualTo(Verdict.DUPLICATE);
        assertThat(flush()).extracting(Frame.LaneAck::custody).containsExactly(500L);
    }

    @Test
    void framesBelowTheirFloorDoNotExist() {
        assertThatThrownBy(() -> data(2, 1)).hasMessageContaining("lane number 1 with floor 2");
        assertThatThrownBy(() -> data(0, 1)).hasMessageContaining("floors start at 1");
    }

    private Verdict data(long floor, long number) {
        return data(floor, number, true);
    }

    private Verdict data(long floor, long number, boolean capacity) {
        return receivers.onData(frame(LANE, floor, number), capacity, true, 0);
    }

    private Verdict on(LaneKey lane, long nowNanos) {
        return receivers.onData(frame(lane, 1, 1), true, true, nowNanos);
    }

    private List<Frame.LaneAck> flush() {
        var acks = new ArrayList<Frame.LaneAck>();
        receivers.flushAcks(acks::add);
        receivers.flushLateAcks(acks::add);
        return acks;
    }

    private static LaneKey from(String node) {
        return new LaneKey(Place.node("r", "a", node), 1, Place.zone("r", "b"), 7);
    }

    private static Frame.LaneData frame(LaneKey lane, long floor, long number) {
        return new Frame.LaneData(lane, floor, number, publication(number, 1), Waybill.NONE, 0);
    }
}
