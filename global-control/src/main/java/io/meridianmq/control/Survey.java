package io.meridianmq.control;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.admin.v1.Unanswered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Questions to nodes, all of which together may take a certain time, and who did not answer them. For one call, on its
 * thread, which it blocks.
 */
final class Survey {

    /** Questions under way at the same time: a part of what the mesh lets wait. */
    private static final int AT_ONCE = 250;

    private static final String ANOTHER_ANSWER = " answered something else: it runs another version";

    private final Platform platform;
    private final long deadlineNanos;
    private final List<Unanswered> unanswered = new ArrayList<>();

    Survey(Platform platform, Duration time) {
        this.platform = platform;
        this.deadlineNanos = System.nanoTime() + time.toNanos();
    }

    /** Asks each place the same, and hands over the answers in the order of the places. */
    void ask(List<Place> places, Question.Operation question, BiConsumer<Place, Answer.Outcome> onOutcome) {
        for (var from = 0; from < places.size(); from += AT_ONCE) {
            var replies = new LinkedHashMap<Place, CompletableFuture<Reply>>();
            for (var place : places.subList(from, Math.min(places.size(), from + AT_ONCE))) {
                replies.put(place, platform.ask(place, question, deadlineNanos));
            }
            for (Map.Entry<Place, CompletableFuture<Reply>> reply : replies.entrySet()) {
                outcome(reply.getKey(), reply.getValue().join())
                        .ifPresent(outcome -> onOutcome.accept(reply.getKey(), outcome));
            }
        }
    }

    /** Asks one place; empty if it does not answer, or refuses. */
    Optional<Answer.Outcome> ask(Place place, Question.Operation question) {
        return outcome(place, platform.ask(place, question, deadlineNanos).join());
    }

    /**
     * The end of a call that cannot go on without the last one who was asked, and did not answer.
     *
     * @param advice what the caller may do
     */
    StatusRuntimeException unavailable(String advice) {
        var last = unanswered.getLast();
        return Requests.refusal(Status.UNAVAILABLE, last.getPlace() + ": " + last.getReason() + "; " + advice);
    }

    /** The end of a call because of an answer to another question: the other end has another version. */
    StatusRuntimeException somethingElse(Place place) {
        return Requests.refusal(Status.INTERNAL, place + ANOTHER_ANSWER);
    }

    /** Who did not answer, and why. */
    List<Unanswered> unanswered() {
        return unanswered;
    }

    private Optional<Answer.Outcome> outcome(Place place, Reply reply) {
        return switch (reply) {
            case Reply.Answered(Answer.Outcome outcome) -> Optional.of(outcome);
            case Reply.Answered(Answer.Refused(var reason)) -> missing(place, reason);
            case Reply.Answered(Answer.Explained _),
                    Reply.Answered(Answer.RetainedFound _),
                    Reply.Answered(Answer.RetainedKept _),
                    Reply.Answered(Answer.RetainedSummed _) -> missing(place, ANOTHER_ANSWER.strip());
            case Reply.Missing(var reason) -> missing(place, reason);
        };
    }

    private Optional<Answer.Outcome> missing(Place place, String reason) {
        unanswered.add(Unanswered.newBuilder()
                .setPlace(place.toString())
                .setReason(reason)
                .build());
        return Optional.empty();
    }
}
