package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.route.RouteSink;
import io.meridianmq.core.route.Router;
import io.meridianmq.core.settings.CrossRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Collects a routing decision with its reasons, from the same function that routes. */
final class Explanation implements RouteSink {

    private final Place self;
    private final Function<Place, Optional<Place>> nextHop;
    private final List<Answer.Destination> destinations = new ArrayList<>();

    private Explanation(Place self, Function<Place, Optional<Place>> nextHop) {
        this.self = self;
        this.nextHop = nextHop;
    }

    /**
     * Where a publication with this topic and origin goes from {@code self}, and why.
     *
     * @param filtersHere filters of sessions of {@code self} itself that match
     */
    static Answer.Explained of(
            Router router,
            Question.Explain question,
            Place self,
            Function<Place, Optional<Place>> nextHop,
            List<String> filtersHere) {
        var explanation = new Explanation(self, nextHop);
        for (var filter : filtersHere) {
            if (filter.equals(question.topic())) {
                explanation.to(self, Reason.LITERAL, "");
            } else {
                explanation.to(self, Reason.WILDCARD, filter);
            }
        }
        if (isDecidedByTheOrigin(question.from(), self)) {
            return new Answer.Explained(explanation.destinations);
        }
        router.route(question.topic(), question.qos(), arrival(question.from(), self), List.of(), 0, explanation);
        return new Answer.Explained(explanation.destinations);
    }

    /** From its own zone a node gets what is for itself, and a gateway passes on what comes from below: both as addressed. */
    private static boolean isDecidedByTheOrigin(Place from, Place self) {
        return self.inZone().contains(from) && !from.equals(self);
    }

    private static Router.Arrival arrival(Place from, Place self) {
        if (from.equals(self)) {
            return Router.Arrival.PUBLISHED_HERE;
        }
        return from.inRegion().equals(self.inRegion())
                ? Router.Arrival.FROM_ANOTHER_ZONE
                : Router.Arrival.FROM_ANOTHER_REGION;
    }

    @Override
    public void to(Place destination, Reason reason, String detail) {
        destinations.add(
                new Answer.Destination(destination, nextHop.apply(destination).orElse(self), reason.describe(detail)));
    }

    @Override
    public void blocked(Place region, Reason reason, String detail, CrossRegion.Verdict verdict) {
        var why = reason.describe(detail) + ": " + verdict.words();
        destinations.add(Answer.Destination.blocked(
                region,
                nextHop.apply(region).orElse(self),
                reason == Reason.ADDRESSED ? why + "; the message is refused and goes nowhere" : why));
    }

    @Override
    public boolean wantsDetails() {
        return true;
    }

    @Override
    public void grant(Place place, String group, String filter) {
        if (place.equals(self)) {
            to(place, Reason.GROUP, "$share/" + group + "/" + filter);
        }
    }
}
