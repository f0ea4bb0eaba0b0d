package io.meridianmq.core.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.claim.ClaimOutlet;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HomecomingTest {

    private static final long MS = 1_000_000;
    private static final Incarnation SELF = node(1);
    private static final Incarnation SECOND = node(2);
    private static final Incarnation THIRD = node(3);
    private static final ConnectionNumber NUMBER = new ConnectionNumber(7, 1);

    private final List<String> ended = new ArrayList<>();
    private final List<Incarnation> asked = new ArrayList<>();
    private final Homecoming homecoming = new Homecoming(
            SELF,
            new Ends(),
            (to, message) -> {
                assertThat(message).isEqualTo(new SlotMessage.AskHeld(to.boot()));
                asked.add(to);
            },
            Duration.ofMinutes(5));

    @Test
    void aSessionPassesOnWhatItHasWhenNobodyHoldsAnythingForItAnyMore() {
        homecoming.onView(view(SELF, SECOND, THIRD));
        homecoming.endSession("client", NUMBER, Optional.of(SECOND));
        homecoming.flush(0);
        assertThat(asked).containsExactly(SECOND, THIRD);
        homecoming.onNothingHeld(SECOND);
        homecoming.flush(100 * MS);
        assertThat(asked).as("not before its time").hasSize(2);
        homecoming.flush(200 * MS);
        assertThat(asked).containsExactly(SECOND, THIRD, THIRD);
        assertThat(ended).isEmpty();

        homecoming.onNothingHeld(THIRD);
        homecoming.flush(201 * MS);
        assertThat(ended).containsExactly("client");
        homecoming.endSession("later", NUMBER, Optional.of(SECOND));
        assertThat(ended).containsExactly("client", "later");
    }

    @Test
    void aSessionWithoutHeirEndsAtOnce() {
        homecoming.endSession("client", NUMBER, Optional.empty());
        assertThat(ended).containsExactly("client");
    }

    @Test
    void nothingIsAskedBeforeTheNodeIsSeenInItsZone() {
        homecoming.onView(view(SECOND));
        homecoming.flush(0);
        assertThat(asked).isEmpty();
    }

    @Test
    void oneThatLeavesIsNotWaitedFor() {
        homecoming.onView(view(SELF, SECOND));
        homecoming.endSession("client", NUMBER, Optional.of(THIRD));
        homecoming.flush(0);
        homecoming.onView(view(SELF));
        homecoming.flush(1);
        assertThat(ended).containsExactly("client");
    }

    @Test
    void oneThatStartedAgainIsAskedAgain() {
        homecoming.onView(view(SELF, SECOND));
        homecoming.onNothingHeld(SECOND);
        var again = new Incarnation(SECOND.place(), SECOND.boot() + 1);
        homecoming.onView(view(SELF, again));
        homecoming.flush(0);
        assertThat(asked).containsExactly(again);
    }

    @Test
    void aNodeThatWasAwayOnceMoreAsksOnceMore() {
        homecoming.onView(view(SELF, SECOND));
        homecoming.onNothingHeld(SECOND);
        homecoming.flush(0);
        homecoming.onView(view(SECOND));
        homecoming.onView(view(SELF, SECOND));
        homecoming.endSession("client", NUMBER, Optional.of(SECOND));
        homecoming.flush(1);
        assertThat(asked).containsExactly(SECOND);
        assertThat(ended).isEmpty();
    }

    @Test
    void itTakesNoLongerThanANodeIsWaitedFor() {
        homecoming.onView(view(SELF, SECOND));
        homecoming.endSession("client", NUMBER, Optional.of(SECOND));
        homecoming.flush(0);
        homecoming.flush(Duration.ofMinutes(5).toNanos() - 1);
        assertThat(ended).isEmpty();
        homecoming.flush(Duration.ofMinutes(5).toNanos());
        assertThat(ended).containsExactly("client");
    }

    private static Incarnation node(int number) {
        return new Incarnation(Place.parse("eu/a/" + number), 10L * number);
    }

    private static MembershipView view(Incarnation... nodes) {
        return MembershipView.of(
                1,
                Stream.of(nodes)
                        .map(node -> new Member(node.place(), node.boot(), "127.0.0.1:1", "", ""))
                        .toList());
    }

    private final class Ends implements ClaimOutlet {
        @Override
        public void endSession(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
            ended.add(clientId);
        }

        @Override
        public long stamp() {
            throw new AssertionError("nothing is stamped");
        }

        @Override
        public void publishWill(DueWill will) {
            throw new AssertionError(will + " is not published");
        }

        @Override
        public void willDone(String clientId, ConnectionNumber number) {
            throw new AssertionError(clientId + " has no will");
        }
    }
}
