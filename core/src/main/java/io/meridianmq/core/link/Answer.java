package io.meridianmq.core.link;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
     * @param more whether later topics match, too; then at least one is found
     * @param missed how many of those who were asked on did not answer: what only they have is not here
     */
    record RetainedFound(List<Publication> found, boolean more, int missed) implements Answer {
        public RetainedFound {
            found = List.copyOf(found);
        }
    }

    /** What became of an {@link Question.Operation}. */
    sealed interface Outcome extends Answer {}

    /**
     * How far a node is out of service.
     *
     * @param isDraining whether it takes no new clients
     * @param connections clients that are connected
     * @param slots slots that it serves, which others are to take over
     */
    record DrainStatus(boolean isDraining, int connections, int slots) implements Outcome {}

    /**
     * Who has a client.
     *
     * @param owner the node that has the client's slot, and answers
     * @param claim empty if the client has neither a connection nor a session in the zone
     */
    record ClaimFound(Place owner, Optional<ClaimView> claim) implements Outcome {}

    /**
     * A client as the owner of its slot knows it.
     *
     * @param node the node with its session
     * @param number of the connection, also of one that has ended
     * @param expirySeconds how long the session outlives the connection; 4294967295 for ever
     * @param willDelaySeconds how long after the connection's loss its will is published; empty if none is to be
     * @param awayMillis time since the connection ended; {@link ClaimRecord#CONNECTED} if it has not
     */
    record ClaimView(
            Place node, ConnectionNumber number, long expirySeconds, OptionalLong willDelaySeconds, long awayMillis) {

        /** What there is to tell of a claim. */
        public static ClaimView of(ClaimRecord claim) {
            return new ClaimView(
                    claim.home().orElse(claim.front()).place(),
                    claim.number(),
                    claim.expirySeconds(),
                    claim.will().stream().mapToLong(Will::delaySeconds).findFirst(),
                    claim.awayMillis());
        }

        /** Whether there is a connection; else a session waits for the client. */
        public boolean isConnected() {
            return awayMillis == ClaimRecord.CONNECTED;
        }
    }

    /** The session that was asked for; empty if the node has none. */
    record SessionFound(Optional<SessionView> session) implements Outcome {}

    /**
     * A session as its node sees it.
     *
     * @param connection the client's connection; empty while it has none
     * @param expirySeconds how long the session lives without a connection; 4294967295 for ever
     * @param subscriptions how many there are
     * @param someSubscriptions the first of them in the order of their filters, at most 100
     * @param queued messages that wait behind the window
     * @param inFlight messages sent and not acknowledged to the end
     */
    record SessionView(
            Optional<ConnectionView> connection,
            long expirySeconds,
            int subscriptions,
            List<SubscriptionView> someSubscriptions,
            int queued,
            int inFlight) {

        /** Subscriptions in a view at most. */
        public static final int SUBSCRIPTIONS_MAX = 100;

        public SessionView {
            someSubscriptions = List.copyOf(someSubscriptions);
        }
    }

    /**
     * A client's connection.
     *
     * @param sinceMillis when it was made, in milliseconds since 1970 on the node's clock
     * @param address the client's, as the load balancer told it if there is one
     * @param protocol such as {@code MQTT 5}
     * @param keepAliveSeconds 0 for none
     */
    record ConnectionView(long sinceMillis, String address, String protocol, int keepAliveSeconds, String userName) {}

    /** A subscription: its filter, with share name if it is shared, and the highest quality of service it gets. */
    record SubscriptionView(String filter, Qos maximumQos) {}

    /** What became of a request to disconnect: whether there was a connection. */
    record Disconnected(boolean wasConnected) implements Outcome {}

    /**
     * Subscriptions that match a topic.
     *
     * @param subscriptions how many are not shared
     * @param groups how many shared subscriptions match; a message goes to one member of each on the whole platform
     * @param page some of both, members of groups one by one, in the order of client identifiers and then filters
     * @param more whether there are further ones after the page
     */
    record SubscribersFound(long subscriptions, int groups, List<Subscriber> page, boolean more) implements Outcome {
        public SubscribersFound {
            page = List.copyOf(page);
        }
    }

    /**
     * One subscription.
     *
     * @param filter with share name if it is shared
     */
    record Subscriber(String clientId, String filter, boolean isConnected) {}

    /**
     * Retained messages are on disk, at the owner of their slot and its copies, or were not taken.
     *
     * @param reasonCode 0x00, or why not, as MQTT 5 numbers it
     */
    record RetainedKept(int reasonCode) implements Answer {}

    /** What the versions of the retained messages of a slot sum up to. */
    record RetainedSummed(long sum) implements Answer {}
}
