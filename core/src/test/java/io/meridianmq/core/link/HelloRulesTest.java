package io.meridianmq.core.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.HelloVerdict.Cause;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HelloRulesTest {

    private static final Place SELF = Place.parse("us/a/2");
    private static final Place LOWER = Place.parse("us/a/1");
    private static final Place GREATER = Place.parse("us/a/3");

    private final HelloRules rules = new HelloRules(SELF);

    HelloRulesTest() {
        rules.onView(view(7, member(LOWER, 10), member(SELF, 20), member(GREATER, 30)));
    }

    @Test
    void acceptsAListedNeighbourThatIsGreaterAndCalls() {
        assertThat(rules.onCall(hello(GREATER, 30))).isInstanceOf(HelloVerdict.Accepted.class);
    }

    @Test
    void acceptsTheListedNeighbourThatWasDialled() {
        assertThat(rules.onAnswer(LOWER, hello(LOWER, 10))).isInstanceOf(HelloVerdict.Accepted.class);
    }

    @Test
    void refusesAnotherVersionOfTheProtocol() {
        assertRefused(rules.onCall(new Hello(Hello.VERSION + 1, GREATER, 30, 0)), Cause.VERSION, "version");
    }

    @Test
    void refusesAnotherPlaceThanDialled() {
        assertRefused(rules.onAnswer(LOWER, hello(GREATER, 30)), Cause.OTHER_PLACE, "dialled us/a/1, but us/a/3");
    }

    @Test
    void refusesPlacesThatNoLinkConnects() {
        assertRefused(rules.onCall(hello(Place.parse("us/b/1"), 1)), Cause.NOT_ADJACENT, "no link connects");
        assertRefused(rules.onCall(hello(SELF, 20)), Cause.NOT_ADJACENT, "no link connects");
    }

    @Test
    void refusesACallFromTheLowerPlace() {
        assertRefused(rules.onCall(hello(LOWER, 10)), Cause.WRONG_DIALLER, "the greater place calls");
    }

    @Test
    void refusesWhoTheDirectoryDoesNotList() {
        var stranger = Place.parse("us/a/9");
        assertRefused(rules.onCall(new Hello(Hello.VERSION, stranger, 1, 7)), Cause.LEFT_OUT, "has not registered");
        assertRefused(rules.onCall(new Hello(Hello.VERSION, stranger, 1, 8)), Cause.NOT_LISTED, "caught up");
    }

    @Test
    void refusesABootBelowTheDirectorys() {
        assertRefused(rules.onCall(hello(GREATER, 29)), Cause.OLD_BOOT, "stop the older process");
    }

    @Test
    void acceptsALaterBootOnceTheDirectoryListsIt() {
        assertRefused(rules.onCall(hello(GREATER, 31)), Cause.NOT_LISTED, "lists boot 30");
        assertRefused(rules.onAnswer(LOWER, hello(LOWER, 11)), Cause.NOT_LISTED, "lists boot 10");
        rules.onView(view(8, member(LOWER, 11), member(SELF, 20), member(GREATER, 31)));
        assertThat(rules.onCall(hello(GREATER, 31))).isInstanceOf(HelloVerdict.Accepted.class);
        assertThat(rules.onAnswer(LOWER, hello(LOWER, 11))).isInstanceOf(HelloVerdict.Accepted.class);
        assertRefused(rules.onCall(hello(GREATER, 30)), Cause.OLD_BOOT, "boot 31");
    }

    @Test
    void remembersTheHighestBootWhileThePlaceIsAway() {
        rules.onView(view(8, member(SELF, 20)));
        rules.onView(view(9, member(SELF, 20), member(GREATER, 1)));
        assertRefused(rules.onCall(hello(GREATER, 29)), Cause.OLD_BOOT, "boot 30");
    }

    @Test
    void forgetsPlacesThatLeftOnceItRemembersTooMany() {
        rules.onView(MembershipView.of(
                8,
                IntStream.range(0, HelloRules.BOOTS_MAX)
                        .mapToObj(n -> member(Place.node("us", "a", "n" + n), 5))
                        .toList()));
        rules.onView(view(9, member(SELF, 20), member(Place.parse("us/a/n7"), 5)));
        rules.onView(view(10, member(SELF, 20), member(GREATER, 1)));
        assertThat(rules.onCall(hello(GREATER, 1))).isInstanceOf(HelloVerdict.Accepted.class);
    }

    private static Hello hello(Place place, long boot) {
        return new Hello(Hello.VERSION, place, boot, 7);
    }

    private static Member member(Place place, long boot) {
        return new Member(place, boot, "127.0.0.1:1", "", "");
    }

    private static MembershipView view(long revision, Member... members) {
        return MembershipView.of(revision, Stream.of(members).toList());
    }

    private static void assertRefused(HelloVerdict verdict, Cause cause, String reasonPart) {
        assertThat(verdict).isInstanceOfSatisfying(HelloVerdict.Refused.class, refused -> {
            assertThat(refused.cause()).isEqualTo(cause);
            assertThat(refused.reason()).contains(reasonPart);
        });
    }
}
