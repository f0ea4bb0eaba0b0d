package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import java.util.OptionalInt;

/** What one component may ask another. */
public sealed interface Question {

    /**
     * The slot whose owner is to answer, if the question goes to a zone or region; empty for a question to a component
     * itself.
     */
    default OptionalInt slot() {
        return OptionalInt.empty();
    }

    /**
     * Where would a publication go from here, and why?
     *
     * @param from the node that has the publisher: here itself, or the origin of a publication that arrives here
     */
    record Explain(String topic, Qos qos, Place from) implements Question {}

    /**
     * Which retained messages do you have?
     *
     * @param filter topic filter
     * @param afterTopic only topics after this one in topic order; empty from the start
     * @param limit most messages in one answer, 1..1000
     */
    record RetainedLookup(String filter, String afterTopic, int limit) implements Question {}

    /** What an operator wants, by way of global-control; nobody else may ask. */
    sealed interface Operation extends Question {}

    /**
     * Who has this client? Addressed to a zone it goes to the owner of the client's slot.
     *
     * @param clientSlot the slot of the client identifier, 0..4095
     */
    record FindClaim(int clientSlot, String clientId) implements Operation {
        public FindClaim {
            if (clientSlot < 0 || clientSlot >= LaneKey.SLOTS) {
                throw new IllegalArgumentException("slot " + clientSlot + " is not in 0.." + (LaneKey.SLOTS - 1));
            }
        }

        @Override
        public OptionalInt slot() {
            return OptionalInt.of(clientSlot);
        }
    }

    /** What a node does itself, or looks up among its own clients. */
    sealed interface NodeOperation extends Operation {}

    /**
     * Go out of service: take no new clients, and ask those who are connected to leave. Asking again changes the pace.
     *
     * @param delayMillis how long load balancers get to notice before anybody is asked to leave, 0..3600000
     * @param clientsPerSecond how many clients are asked each second, 1..1000000
     */
    record Drain(long delayMillis, int clientsPerSecond) implements NodeOperation {
        public Drain {
            if (delayMillis < 0 || delayMillis > 3_600_000) {
                throw new IllegalArgumentException("a delay of " + delayMillis + " ms is not within an hour");
            }
            if (clientsPerSecond < 1 || clientsPerSecond > 1_000_000) {
                throw new IllegalArgumentException(clientsPerSecond + " clients a second are not 1 to 1000000");
            }
        }
    }

    /** Be in service again. */
    record Resume() implements NodeOperation {}

    /** Which session do you have of this client? */
    record FindSession(String clientId) implements NodeOperation {}

    /** Close the connection of this client. */
    record DisconnectClient(String clientId) implements NodeOperation {}

    /**
     * Whose subscriptions match a topic?
     *
     * @param afterClientId only subscriptions after this client's {@code afterFilter}, in the order of client identifiers
     *     and then filters; empty from the start
     * @param limit most subscriptions in one answer, 1..1000
     */
    record FindSubscribers(String topic, String afterClientId, String afterFilter, int limit) implements NodeOperation {
        public FindSubscribers {
            if (limit < 1 || limit > 1_000) {
                throw new IllegalArgumentException("a limit of " + limit + " subscriptions is not 1 to 1000");
            }
        }
    }
}
