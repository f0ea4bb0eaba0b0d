package io.meridianmq.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HopByHopTest {

    private static final Place FROM = Place.parse("us-east/a/1");

    private final Map<Place, Reply> replies = new HashMap<>();
    private final List<Place> asked = new ArrayList<>();

    @Test
    void asksLevelByLevelAndEverybodyOnce() {
        decides("us-east/a/1", "us-east/a/2", "us-east/b", "us-east/b", "eu-west");
        decides("us-east/b", "us-east/b/1");
        decides("eu-west", "eu-west/a");
        decides("eu-west/a", "eu-west/a/1", "eu-west/a/2");

        var route = follow();

        assertThat(asked)
                .extracting(Place::toString)
                .containsExactly("us-east/a/1", "us-east/b", "eu-west", "eu-west/a");
        assertThat(route.hops())
                .extracting(hop -> hop.at() + " > " + hop.destination())
                .containsExactly(
                        "us-east/a/1 > us-east/a/2",
                        "us-east/a/1 > us-east/b",
                        "us-east/a/1 > us-east/b",
                        "us-east/a/1 > eu-west",
                        "us-east/b > us-east/b/1",
                        "eu-west > eu-west/a",
                        "eu-west/a > eu-west/a/1",
                        "eu-west/a > eu-west/a/2");
        assertThat(route.unanswered()).isEmpty();
    }

    @Test
    void aGatewayThatSendsBackUpIsShownButNotFollowed() {
        decides("us-east/a/1", "eu-west");
        decides("eu-west", "us-east", "eu-west", "eu-west/a");
        decides("eu-west/a", "eu-west", "eu-west/b", "us-east/a");

        assertThat(follow().hops()).hasSize(1 + 3 + 3);
        assertThat(asked).extracting(Place::toString).containsExactly("us-east/a/1", "eu-west", "eu-west/a");
    }

    @Test
    void refusalsAndSilenceAreListedWithTheirReasons() {
        decides("us-east/a/1", "us-east/b", "us-east/c", "eu-west");
        replies.put(Place.parse("us-east/b"), new Reply.Answered(new Answer.Refused("too busy")));
        replies.put(Place.parse("us-east/c"), new Reply.Answered(new Answer.RetainedFound(List.of(), false, 0)));

        var route = follow();

        assertThat(route.unanswered())
                .containsExactly(
                        new Route.Unanswered(Place.parse("us-east/b"), "refused: too busy"),
                        new Route.Unanswered(Place.parse("us-east/c"), "answered something else"),
                        new Route.Unanswered(Place.parse("eu-west"), "silent"));
        assertThat(route.isUnknown(FROM)).isFalse();
    }

    @Test
    void withoutTheNodesOwnDecisionNothingIsKnown() {
        var route = follow();

        assertThat(route.isUnknown(FROM)).isTrue();
        assertThat(asked).containsExactly(FROM);
    }

    @Test
    void noMoreAreAskedThanMay() {
        decides(
                "us-east/a/1",
                IntStream.range(0, HopByHop.ASKED_MAX + 4)
                        .mapToObj(number -> "region-" + number)
                        .toArray(String[]::new));

        var route = follow();

        assertThat(asked).hasSize(HopByHop.ASKED_MAX);
        assertThat(route.unanswered())
                .filteredOn(missing -> missing.reason().contains("too many"))
                .hasSize(5);
    }

    private void decides(String at, String... destinations) {
        var decision = List.of(destinations).stream()
                .map(Place::parse)
                .map(place -> new Answer.Destination(place, place, "because"))
                .toList();
        replies.put(Place.parse(at), new Reply.Answered(new Answer.Explained(decision)));
    }

    private Route follow() {
        return new HopByHop("plant/7/temp", Qos.AT_LEAST_ONCE, FROM, this::ask).follow();
    }

    private CompletableFuture<Reply> ask(Place place, Question question) {
        assertThat(question).isEqualTo(new Question.Explain("plant/7/temp", Qos.AT_LEAST_ONCE, FROM));
        asked.add(place);
        return CompletableFuture.completedFuture(replies.getOrDefault(place, new Reply.Missing("silent")));
    }
}
