package io.meridianmq.control;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Follows a publication that nobody publishes, from decision to decision: the node's, then those of the gateways of each
 * zone and region that it would send to, then those of the zones below these regions. Components at the same distance are
 * asked at the same time.
 *
 * <p>For other zones and regions it tells what their gateways decide, which is the way of a QoS 0 publication. One of QoS 1
 * or 2 lands on a node of the zone or region, and that node decides for the rest of it; once interest has converged, both
 * ways lead to the same nodes, and only the gateways' does not depend on where the publication happens to land.
 *
 * <p>One for each look; for one thread, which it blocks.
 */
final class HopByHop {

    /** At most this many components are asked for one look; further ones are listed as unanswered. */
    static final int ASKED_MAX = 1_000;

    private final Question.Explain question;
    private final BiFunction<Place, Question, CompletableFuture<Reply>> ask;
    private final Set<Place> asked = new HashSet<>();
    private final List<Route.Hop> hops = new ArrayList<>();
    private final List<Route.Unanswered> unanswered = new ArrayList<>();

    /** @param ask asks a component; what it returns always completes */
    HopByHop(String topic, Qos qos, Place from, BiFunction<Place, Question, CompletableFuture<Reply>> ask) {
        this.question = new Question.Explain(topic, qos, from);
        this.ask = ask;
    }

    Route follow() {
        var next = List.of(question.from());
        while (!next.isEmpty()) {
            next = askAll(next);
        }
        return new Route(hops, unanswered);
    }

    /** Asks components at the same distance; returns those to ask after them. */
    private List<Place> askAll(List<Place> components) {
        var replies = new LinkedHashMap<Place, CompletableFuture<Reply>>();
        for (var component : components) {
            if (asked.size() >= ASKED_MAX) {
                unanswered.add(new Route.Unanswered(component, "not asked: the message goes to too many places"));
            } else if (asked.add(component)) {
                replies.put(component, ask.apply(component, question));
            }
        }
        var next = new ArrayList<Place>();
        for (Map.Entry<Place, CompletableFuture<Reply>> reply : replies.entrySet()) {
            next.addAll(take(reply.getKey(), reply.getValue().join()));
        }
        return next;
    }

    private List<Place> take(Place component, Reply reply) {
        return switch (reply) {
            case Reply.Missing(var reason) -> missing(component, reason);
            case Reply.Answered(Answer.Explained(var destinations)) -> decided(component, destinations);
            case Reply.Answered(Answer.Refused(var reason)) -> missing(component, "refused: " + reason);
            case Reply.Answered(Answer.RetainedFound _),
                    Reply.Answered(Answer.RetainedKept _),
                    Reply.Answered(Answer.RetainedSummed _),
                    Reply.Answered(Answer.Outcome _) -> missing(component, "answered something else");
        };
    }

    private List<Place> missing(Place component, String reason) {
        unanswered.add(new Route.Unanswered(component, reason));
        return List.of();
    }

    private List<Place> decided(Place component, List<Answer.Destination> destinations) {
        var next = new ArrayList<Place>();
        for (var destination : destinations) {
            var place = destination.place();
            hops.add(new Route.Hop(
                    component, place, destination.nextHop(), destination.reason(), destination.isBlocked()));
            if (!destination.isBlocked() && decidesFurther(component, place)) {
                next.add(place);
            }
        }
        return next;
    }

    /** A node is where the way ends. From a gateway the way only leads down, so that no answer can send us in circles. */
    private static boolean decidesFurther(Place component, Place destination) {
        return switch (destination.level()) {
            case GLOBAL, NODE -> false;
            case REGION, ZONE ->
                !destination.equals(component)
                        && (component.level() == Place.Level.NODE || component.contains(destination));
        };
    }
}
