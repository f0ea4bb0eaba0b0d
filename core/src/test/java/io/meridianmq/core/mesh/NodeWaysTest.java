package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.SlotTable;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeWaysTest {

    private static final Duration DETOUR_AFTER = Duration.ofSeconds(2);
    private static final Incarnation SELF = new Incarnation(Place.node("us", "a", "1"), 10);
    private static final Place GATEWAY = Place.zone("us", "a");
    private static final Place PEER = Place.node("us", "a", "2");
    private static final Incarnation FIRST = new Incarnation(PEER, 20);
    private static final Incarnation SECOND = new Incarnation(PEER, 21);

    private final RecordedNode node = new RecordedNode();
    private final NodeWays ways = new NodeWays(SELF, node, DETOUR_AFTER, 0);

    @Test
    void aNodeOfTheZoneIsReachedDirectlyAndEverybodyElseByTheGateway() {
        see(FIRST);
        ways.onLinkUp(PEER);
        ways.onLinkUp(GATEWAY);
        assertThat(ways.nextHop(PEER)).contains(PEER);
        assertThat(ways.nextHop(Place.region("eu"))).contains(GATEWAY);
        assertThat(ways.nextHop(SELF.place())).isEmpty();
    }

    @Test
    void framesTakeTheDetourWhenALinkHasBeenDownForLong() {
        see(FIRST);
        ways.onLinkUp(PEER);
        ways.onLinkUp(GATEWAY);
        ways.onLinkDown(PEER);
        ways.at(DETOUR_AFTER.toNanos() - 1);
        assertThat(ways.nextHop(PEER)).isEmpty();
        ways.at(DETOUR_AFTER.toNanos());
        assertThat(ways.nextHop(PEER)).contains(GATEWAY);
        ways.onLinkUp(PEER);
        assertThat(ways.nextHop(PEER)).contains(PEER);
    }

    @Test
    void aLinkThatNeverCameUpCountsAsDownSinceTheNodeIsKnown() {
        ways.onLinkUp(GATEWAY);
        ways.at(1);
        see(FIRST);
        ways.at(DETOUR_AFTER.toNanos());
        see(FIRST);
        assertThat(ways.nextHop(PEER)).isEmpty();
        ways.at(DETOUR_AFTER.toNanos() + 1);
        assertThat(ways.nextHop(PEER)).contains(GATEWAY);
    }

    @Test
    void theLinkToAStartThatHasEndedIsDownFromThenOn() {
        see(FIRST);
        ways.onLinkUp(PEER);
        ways.onLinkUp(GATEWAY);
        ways.at(1);
        see(SECOND);
        ways.onLeft(PEER);
        assertThat(ways.links()).isEqualTo(1);
        ways.at(DETOUR_AFTER.toNanos());
        assertThat(ways.nextHop(PEER)).isEmpty();
        ways.at(DETOUR_AFTER.toNanos() + 1);
        assertThat(ways.nextHop(PEER)).contains(GATEWAY);
    }

    @Test
    void howLongALinkWasDownIsForgottenWithItsNode() {
        see(FIRST);
        ways.onLinkUp(GATEWAY);
        ways.onLinkDown(PEER);
        ways.onView(RecordedNode.view(SELF));
        ways.onLeft(PEER);
        ways.at(DETOUR_AFTER.toNanos());
        see(SECOND);
        assertThat(ways.nextHop(PEER)).isEmpty();
    }

    @Test
    void whatIsForASlotOfTheZoneGoesToItsOwner() {
        see(FIRST);
        ways.onLinkUp(PEER);
        ways.onSlots(SlotTable.ofOne(FIRST));
        assertThat(ways.nextHop(GATEWAY, 3)).contains(PEER);
        ways.onSlots(SlotTable.ofOne(SELF));
        assertThat(ways.nextHop(GATEWAY, 3)).isEmpty();
    }

    @Test
    void whatIsSentWhereNoWayLeadsIsLost() {
        see(FIRST);
        ways.tell(FIRST, new SlotMessage.NothingHeld(FIRST.boot()));
        ways.sendUp(new Frame.InterestAck(new InterestKey(PEER, 1), 1, true));
        assertThat(node.sent).isEmpty();

        ways.onLinkUp(PEER);
        var message = new SlotMessage.NothingHeld(FIRST.boot());
        ways.tell(FIRST, message);
        assertThat(node.sent)
                .containsExactly(
                        new RecordedNode.Sent(PEER, new Frame.Between(SELF.place(), SELF.boot(), PEER, message, 0)));
    }

    private void see(Incarnation peer) {
        ways.onView(RecordedNode.view(SELF, peer, new Incarnation(GATEWAY, 1)));
    }
}
