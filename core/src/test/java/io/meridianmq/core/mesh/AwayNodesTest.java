package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.lane.LaneSettings;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.core.publication.Qos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AwayNodesTest {

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Incarnation SELF = new Incarnation(Place.node("us", "a", "1"), 10);
    private static final Place PEER = Place.node("us", "a", "2");
    private static final Incarnation FIRST = new Incarnation(PEER, 20);
    private static final Incarnation SECOND = new Incarnation(PEER, 21);

    private final RecordedNode node = new RecordedNode();
    private final List<Map.Entry<Incarnation, SlotMessage>> told = new ArrayList<>();
    private final InterestTable table = new InterestTable();
    private final InterestExchange interest =
            new InterestExchange(new OwnInterest(new InterestKey(SELF.place(), SELF.boot())), table, node);
    private final NodeLanes lanes = new NodeLanes(
            SELF.place(),
            SELF.boot(),
            LaneSettings.DEFAULT,
            node,
            node::accepted,
            (destination, _) -> Optional.of(destination),
            0);
    private final AwayNodes away =
            new AwayNodes(SELF, interest, lanes, (to, message) -> told.add(Map.entry(to, message)), LONGEST);

    @Test
    void whatANodeHadNotAcceptedWhenItLeftIsHeldAndNobodyWaitsForIt() {
        see(FIRST);
        publish(1);
        assertThat(node.accepted).isEmpty();

        leave();
        assertThat(away.contains(PEER)).isTrue();
        assertThat(node.accepted).containsExactly(1L);
        assertThat(lanes.heldFrames()).isEqualTo(1);
    }

    @Test
    void whatComesForANodeThatIsAwayIsSentToItWhenItIsInServiceAgain() {
        see(FIRST);
        leave();
        publish(1);
        publish(2);
        assertThat(node.accepted).containsExactly(1L, 2L);
        assertThat(sentNumbers()).isEmpty();

        see(SECOND);
        flushLanes(1);
        assertThat(away.contains(PEER)).isFalse();
        assertThat(sentNumbers()).containsExactly(1L, 2L);
    }

    @Test
    void aNodeThatHasStartedAnewIsAwayUntilItIsInService() {
        see(FIRST);
        away.onLeft(PEER, 1);
        away.onView(starting(SECOND));
        publish(1);
        flushLanes(2);
        assertThat(away.contains(PEER)).isTrue();
        assertThat(node.accepted).containsExactly(1L);
        assertThat(sentNumbers()).isEmpty();
    }

    @Test
    void whatANodeWantedIsKeptWhileItIsWaitedForAndForgottenAfterwards() {
        tellInterest();
        see(FIRST);
        leave();
        publish(1);

        away.flush(LONGEST.toNanos() - 1);
        assertThat(table.knownHolders()).containsExactly(PEER);
        assertThat(lanes.heldFrames()).isEqualTo(1);

        away.flush(LONGEST.toNanos());
        assertThat(away.contains(PEER)).isFalse();
        assertThat(table.knownHolders()).isEmpty();
        assertThat(lanes.heldFrames()).isZero();
        assertThat(lanes.gone()).isEqualTo(1);
    }

    @Test
    void oneThatStartsForTooLongLosesWhatWasHeldAndIsStillKnownForWhatItWants() {
        tellInterest();
        see(FIRST);
        away.onLeft(PEER, 0);
        away.onView(starting(SECOND));
        publish(1);

        away.flush(LONGEST.toNanos());
        assertThat(table.knownHolders()).containsExactly(PEER);
        assertThat(lanes.heldFrames()).isZero();
        assertThat(lanes.gone()).isEqualTo(1);
    }

    @Test
    void oneThatLeavesOnceMoreIsWaitedForFromThenOn() {
        tellInterest();
        see(FIRST);
        leave();
        see(SECOND);
        away.onLeft(PEER, 1_000);
        away.onView(RecordedNode.view(SELF));

        away.flush(LONGEST.toNanos());
        assertThat(away.contains(PEER)).isTrue();
        assertThat(table.knownHolders()).containsExactly(PEER);
        away.flush(LONGEST.toNanos() + 1_000);
        assertThat(away.contains(PEER)).isFalse();
    }

    @Test
    void oneThatComesHomeHearsThatNothingIsHeldWhenItHasTakenAllThatWas() {
        see(FIRST);
        leave();
        publish(1);
        see(SECOND);
        flushLanes(1);
        ask(SECOND, SELF);
        assertThat(told).isEmpty();

        var data = node.sentTo(PEER, Frame.LaneData.class).getLast();
        lanes.onAck(new Frame.LaneAck(data.lane(), 7, data.number(), data.number(), false, 0), 2);
        ask(SECOND, SELF);
        assertThat(told).containsExactly(Map.entry(SECOND, new SlotMessage.NothingHeld(SECOND.boot())));
    }

    @Test
    void oneThatIsNotInServiceAsFarAsIsKnownHereHasToAskAgain() {
        away.onView(starting(FIRST));
        ask(FIRST, SELF);
        see(FIRST);
        ask(SECOND, SELF);
        assertThat(told).isEmpty();
    }

    @Test
    void whatAnEarlierStartOfThisNodeIsAskedIsNotAnswered() {
        see(FIRST);
        ask(FIRST, new Incarnation(SELF.place(), SELF.boot() - 1));
        assertThat(told).isEmpty();
    }

    private void see(Incarnation peer) {
        away.onView(RecordedNode.view(SELF, peer));
    }

    /** At the time 0. */
    private void leave() {
        away.onLeft(PEER, 0);
        away.onView(RecordedNode.view(SELF));
    }

    private void ask(Incarnation from, Incarnation asked) {
        away.onAskHeld(from, new SlotMessage.AskHeld(asked.boot()));
    }

    private void publish(long number) {
        var token = lanes.awaitAcceptance(number, 1);
        lanes.toNode(PEER, RecordedNode.publication(number, Qos.AT_LEAST_ONCE), Waybill.NONE, token, 0);
    }

    private void flushLanes(long nowNanos) {
        lanes.flush(_ -> {}, nowNanos);
    }

    private void tellInterest() {
        interest.onLinkUp(PEER, true, true, 0);
        var wanted = new InterestEntries(
                List.of(new InterestEntries.Literals(Reach.ZONE, ImmutableLongArray.of(42))), List.of(), List.of());
        interest.onSnapshot(PEER, new Frame.InterestSnapshot(new InterestKey(PEER, FIRST.boot()), 1, 0, true, wanted));
        assertThat(table.literalCount()).isEqualTo(1);
    }

    private List<Long> sentNumbers() {
        return node.sentTo(PEER, Frame.LaneData.class).stream()
                .map(Frame.LaneData::number)
                .toList();
    }

    private static MembershipView starting(Incarnation peer) {
        return MembershipView.of(
                1,
                List.of(
                        RecordedNode.inService(SELF),
                        RecordedNode.inService(peer).withStarting(true)));
    }
}
