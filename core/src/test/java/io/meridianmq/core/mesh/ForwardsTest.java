package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.lane.LaneSettings;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.route.Destinations;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardsTest {

    private static final Incarnation SELF = new Incarnation(Place.node("us", "a", "1"), 10);
    private static final Place HERE = SELF.place();
    private static final Place GATEWAY = Place.zone("us", "a");
    private static final Place SECOND = Place.node("us", "a", "2");
    private static final Place THIRD = Place.node("us", "a", "3");
    private static final Place SIBLING = Place.zone("us", "b");
    private static final Place EUROPE = Place.region("eu");
    private static final Publication PUBLICATION = RecordedNode.publication(1, Qos.AT_MOST_ONCE);

    private final RecordedNode node = new RecordedNode();
    private final NodeWays ways = new NodeWays(SELF, node, Duration.ofSeconds(2), 0);
    private final AwayNodes away = new AwayNodes(
            SELF,
            new InterestExchange(new OwnInterest(new InterestKey(HERE, SELF.boot())), new InterestTable(), node),
            new NodeLanes(HERE, SELF.boot(), LaneSettings.DEFAULT, node, node::accepted, ways::nextHop, 0),
            ways::tell,
            Duration.ofMinutes(5));
    private final Forwards forwards = new Forwards(HERE, ways, away, node);

    @Test
    void eachNodeOfTheZoneGetsItsOwnAndTheGatewayOneForEverybodyBeyond() {
        List.of(SECOND, THIRD, GATEWAY).forEach(ways::onLinkUp);
        var forThird = new GroupGrant(THIRD, "g", "t");
        var forEurope = new GroupGrant(EUROPE, "h", "t");
        forwards.publish(
                PUBLICATION,
                new Destinations(
                        List.of(SECOND, THIRD), List.of(SIBLING), List.of(EUROPE), List.of(forThird, forEurope)));
        assertThat(node.sent)
                .containsExactly(
                        sent(SECOND, List.of(SECOND), List.of()),
                        sent(THIRD, List.of(THIRD), List.of(forThird)),
                        sent(GATEWAY, List.of(SIBLING, EUROPE), List.of(forEurope)));
    }

    @Test
    void aNodeThatIsAwayAndOneWithoutALinkGetNothing() {
        ways.onLinkUp(SECOND);
        away.onLeft(SECOND, 0);
        forwards.publish(PUBLICATION, new Destinations(List.of(SECOND, THIRD), List.of(SIBLING), List.of(), List.of()));
        assertThat(node.sent).isEmpty();
    }

    @Test
    void whatComesIsDeliveredWithTheGrantsForThisNode() {
        var mine = new GroupGrant(HERE, "g", "t");
        forwards.onForward(new Frame.Forward(
                EUROPE, PUBLICATION, List.of(HERE, THIRD), List.of(mine, new GroupGrant(THIRD, "g", "t")), 1));
        assertThat(node.delivered).containsExactly(List.of(mine));
    }

    @Test
    void whatIsForSomebodyElseIsCountedAndNotDelivered() {
        forwards.onForward(new Frame.Forward(EUROPE, PUBLICATION, List.of(THIRD), List.of(), 1));
        assertThat(node.delivered).isEmpty();
        assertThat(forwards.misrouted()).isEqualTo(1);
    }

    private static RecordedNode.Sent sent(Place neighbour, List<Place> targets, List<GroupGrant> grants) {
        return new RecordedNode.Sent(neighbour, new Frame.Forward(HERE, PUBLICATION, targets, grants, 0));
    }
}
