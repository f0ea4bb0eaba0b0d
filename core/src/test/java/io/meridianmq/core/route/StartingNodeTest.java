package io.meridianmq.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.digest.HeldDigests;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.interest.OwnInterest;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether an acknowledged publication waits for a node whose interest is not known. */
class StartingNodeTest {

    private static final Place SELF = Place.node("us", "a", "1");
    private static final Member OTHER = new Member(Place.node("us", "a", "2"), 2, "", "", "");

    private final InterestTable table = new InterestTable();
    private MembershipView view = MembershipView.EMPTY;
    private final Router router =
            new Router(SELF, AddressRules.of(AddressRules.DEFAULT_TEMPLATES), table, new HeldDigests(), () -> view);

    @Test
    void waitsForANodeInServiceUntilItIsKnownWhatItWants() {
        sees(OTHER);
        assertThat(nodes(Qos.AT_LEAST_ONCE)).containsExactly(OTHER.place());
        assertThat(nodes(Qos.AT_MOST_ONCE)).isEmpty();
    }

    @Test
    void doesNotWaitForANodeThatStartsAndHasNoClients() {
        sees(OTHER.withStarting(true));
        assertThat(nodes(Qos.AT_LEAST_ONCE)).isEmpty();
    }

    @Test
    void waitsForANodeThatHasBeenLinkedSinceTheViewMayBeLateToSayThatItIsInService() {
        sees(OTHER.withStarting(true));
        table.add(OTHER.place(), InterestEntries.NONE);
        assertThat(nodes(Qos.AT_LEAST_ONCE)).containsExactly(OTHER.place());

        table.removeHolder(OTHER.place());
        assertThat(nodes(Qos.AT_LEAST_ONCE)).isEmpty();
    }

    @Test
    void aNodeThatIsAwayStillWantsWhatItWantedButServesNoSharedSubscription() {
        var own = new OwnInterest(new InterestKey(OTHER.place(), OTHER.boot()));
        var before = own.version();
        own.join(TopicFilter.of("$share/g/t"), true);
        table.add(OTHER.place(), own.deltaAfter(before).added());
        sees(OTHER);
        assertThat(nodes(Qos.AT_MOST_ONCE)).containsExactly(OTHER.place());
        view = MembershipView.of(2, List.of(new Member(SELF, 1, "", "", "")));
        assertThat(nodes(Qos.AT_MOST_ONCE)).isEmpty();

        before = own.version();
        own.add(TopicFilter.of("t"), Reach.ZONE);
        table.add(OTHER.place(), own.deltaAfter(before).added());
        assertThat(nodes(Qos.AT_LEAST_ONCE)).containsExactly(OTHER.place());
    }

    private void sees(Member other) {
        view = MembershipView.of(1, List.of(new Member(SELF, 1, "", "", ""), other));
    }

    private List<Place> nodes(Qos qos) {
        return router.decide("t", qos, Router.Arrival.PUBLISHED_HERE, List.of(), 0)
                .nodes();
    }
}
