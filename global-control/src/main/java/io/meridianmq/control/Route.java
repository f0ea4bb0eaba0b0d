package io.meridianmq.control;

import io.meridianmq.core.place.Place;
import java.util.List;

/**
 * Where a publication would go.
 *
 * @param hops a place that sends before the places it sends to
 * @param unanswered components whose decisions are missing
 */
record Route(List<Hop> hops, List<Unanswered> unanswered) {

    Route {
        hops = List.copyOf(hops);
        unanswered = List.copyOf(unanswered);
    }

    /** Whether nothing is known at all. */
    boolean isUnknown(Place from) {
        return hops.isEmpty()
                && unanswered.stream().anyMatch(missing -> missing.place().equals(from));
    }

    /**
     * One destination of one decision.
     *
     * @param at who decided
     * @param destination for where the publication is
     * @param nextHop the neighbour that gets it first
     * @param reason words for an operator
     * @param isBlocked whether it does not go there after all
     */
    record Hop(Place at, Place destination, Place nextHop, String reason, boolean isBlocked) {}

    /** A component that was asked in vain; {@code reason} says why. */
    record Unanswered(Place place, String reason) {}
}
