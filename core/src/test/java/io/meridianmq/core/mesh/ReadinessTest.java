package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.interest.InterestSink;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final Duration CAP = Duration.ofSeconds(10);
    private static final Incarnation SELF = new Incarnation(Place.node("us", "a", "1"), 10);
    private static final Incarnation PEER = new Incarnation(Place.node("us", "a", "2"), 20);
    private static final Incarnation GATEWAY = new Incarnation(Place.zone("us", "a"), 1);
    private static final Incarnation SIBLING = new Incarnation(Place.zone("us", "b"), 1);

    private final NodeWays ways = new NodeWays(SELF, new RecordedNode(), Duration.ofSeconds(2), 0);
    private final InterestTable table = new InterestTable();
    private final Readiness readiness = new Readiness(SELF.place(), ways, table, new HeldDigests(), CAP, 0);

    @Test
    void aNodeAloneIsReadyAtOnce() {
        ways.onView(RecordedNode.view(SELF, GATEWAY));
        assertThat(readiness.isReady(0)).isTrue();
        assertThat(readiness.canLand(0)).isTrue();
    }

    @Test
    void aNodeIsReadyWhenItKnowsWhatTheOthersOfItsZoneWant() {
        ways.onView(RecordedNode.view(SELF, PEER, GATEWAY));
        assertThat(readiness.notCurrent()).containsExactly(PEER.place());
        assertThat(readiness.isReady(0)).isFalse();
        assertThat(readiness.canLand(0)).as("does not depend on nodes").isTrue();

        var sink = new InterestSink(table, PEER.place());
        sink.onConnected();
        sink.onSnapshot(
                new Frame.InterestSnapshot(
                        new InterestKey(PEER.place(), PEER.boot()), 1, 0, true, InterestEntries.NONE),
                _ -> {});
        assertThat(readiness.notCurrent()).isEmpty();
        assertThat(readiness.isReady(0)).isTrue();
    }

    @Test
    void theWaitForWhatOtherZonesWantHasALimit() {
        ways.onView(RecordedNode.view(SELF, GATEWAY, SIBLING));
        assertThat(readiness.isReady(CAP.toNanos() - 1)).isFalse();
        assertThat(readiness.canLand(CAP.toNanos() - 1)).isFalse();
        assertThat(readiness.isReady(CAP.toNanos())).isTrue();
        assertThat(readiness.canLand(CAP.toNanos())).isTrue();
    }
}
