package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.route.AddressRules;
import io.meridianmq.core.route.Router;
import io.meridianmq.topic.TopicFilter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeSubscriptionsTest {

    private static final Duration CAP = Duration.ofMillis(200);
    private static final AddressRules RULES = AddressRules.of(AddressRules.DEFAULT_TEMPLATES);
    private static final Incarnation SELF = new Incarnation(Place.node("us", "a", "1"), 10);
    private static final InterestKey KEY = new InterestKey(SELF.place(), SELF.boot());
    private static final Place PEER = Place.node("us", "a", "2");
    private static final Place GATEWAY = Place.zone("us", "a");
    private static final MembershipView VIEW =
            RecordedNode.view(SELF, new Incarnation(PEER, 20), new Incarnation(GATEWAY, 1));

    private final RecordedNode node = new RecordedNode();
    private final OwnInterest own = new OwnInterest(KEY);
    private final InterestTable table = new InterestTable();
    private final InterestExchange interest = new InterestExchange(own, table, node);
    private final NodeSubscriptions subscriptions = new NodeSubscriptions(RULES, own, table, interest, node, CAP);

    @Test
    void nobodyWaitsBeforeTheNodeSaysWhatItWants() {
        subscriptions.subscribe(TopicFilter.of("t"), true);
        subscriptions.awaitVisibility(1, 0);
        assertThat(node.visible).containsExactly("1");
    }

    @Test
    void aSubscriptionIsVisibleWhenEveryLiveMemberOfTheZoneKnowsIt() {
        connect(PEER, GATEWAY);
        subscriptions.subscribe(TopicFilter.of("t"), true);
        subscriptions.awaitVisibility(1, 0);
        interest.flush(1);
        acknowledge(PEER);
        subscriptions.flush(VIEW, 2);
        assertThat(node.visible).isEmpty();

        acknowledge(GATEWAY);
        subscriptions.flush(VIEW, 3);
        assertThat(node.visible).containsExactly("1");
        assertThat(subscriptions.capped()).isZero();
    }

    @Test
    void theWaitForAMemberThatDoesNotAnswerHasALimit() {
        connect(PEER, GATEWAY);
        subscriptions.subscribe(TopicFilter.of("t"), true);
        subscriptions.awaitVisibility(1, 0);
        subscriptions.flush(VIEW, CAP.toNanos() - 1);
        assertThat(node.visible).isEmpty();
        subscriptions.flush(VIEW, CAP.toNanos());
        assertThat(node.visible).containsExactly("1 capped");
        assertThat(subscriptions.capped()).isEqualTo(1);
    }

    @Test
    void thisNodeIsACandidateForItsOwnSharedSubscriptionsAndOthersAreNotInItsTable() {
        var shared = TopicFilter.of("$share/g/t");
        subscriptions.subscribe(TopicFilter.of("t"), true);
        subscriptions.subscribe(shared, true);
        assertThat(subscriptions.size()).isEqualTo(2);
        assertThat(table.literalCount()).isZero();
        assertThat(granted()).containsExactly(new GroupGrant(SELF.place(), "g", "t"));

        subscriptions.presence(shared, false);
        assertThat(subscriptions.size()).isEqualTo(2);
        assertThat(granted()).as("to one without a connection").hasSize(1);

        subscriptions.unsubscribe(shared, false);
        subscriptions.unsubscribe(TopicFilter.of("t"), true);
        assertThat(subscriptions.size()).isZero();
        assertThat(granted()).isEmpty();
    }

    private void connect(Place... neighbours) {
        for (var neighbour : neighbours) {
            interest.onLinkUp(neighbour, neighbour.equals(PEER), true, 0);
        }
        interest.startSpeaking(0);
    }

    private void acknowledge(Place neighbour) {
        interest.onAck(neighbour, new Frame.InterestAck(KEY, own.version(), true), 1);
    }

    private List<GroupGrant> granted() {
        return new Router(SELF.place(), RULES, table, new HeldDigests(), () -> VIEW)
                .decide("t", Qos.AT_LEAST_ONCE, Router.Arrival.PUBLISHED_HERE, List.of(), 1)
                .grants();
    }
}
