package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import java.util.List;

/** What the asked component answers. */
public sealed interface Answer {

    /** The question could not be answered; {@code reason} says why, in words for an operator. */
    record Refused(String reason) implements Answer {}

    /**
     * The routing decision.
     *
     * @param destinations in the order in which the router found them
     */
    record Explained(List<Destination> destinations) implements Answer {
        public Explained {
            destinations = List.copyOf(destinations);
        }
    }

    /**
     * One destination of a publication and why it is one.
     *
     * @param place where it goes; the asked component's own place for its own subscribers
     * @param nextHop the neighbour it is sent to first
     * @param reason words for an operator, for example {@code filter plant/+/temp}
     * @param isBlocked whether it does not go there after all, since what is set for the platform forbids it
     */
    record Destination(Place place, Place nextHop, String reason, boolean isBlocked) {

        /** One that it goes to. */
        public Destination(Place place, Place nextHop, String reason) {
            this(place, nextHop, reason, false);
        }

        /** One that it would go to, if that were not forbidden; {@code reason} says both. */
        public static Destination blocked(Place place, Place nextHop, String reason) {
            return new Destination(place, nextHop, reason, true);
        }
    }

    /**
     * Retained messages in topic order.
     *
     * @param found tombstones included, as publications with an empty payload, since newer ones hide older messages
     *     elsewhere
     * @param more whether later topics match, too
     */
    record RetainedFound(List<Publication> found, boolean more) implements Answer {
        public RetainedFound {
            found = List.copyOf(found);
        }
    }
}
