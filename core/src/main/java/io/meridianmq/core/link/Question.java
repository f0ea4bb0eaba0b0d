package io.meridianmq.core.link;

import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.Qos;
import java.util.List;
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
     * <p>With a slot, and addressed to a zone or region, it goes to the owner of that slot there; without, gateways ask on,
     * and merge what those below them answer.
     *
     * @param slot of the topic, if it is about one topic and its slot's owner is to answer; empty if everybody is
     * @param filter topic filter
     * @param afterTopic only topics after this one in topic order; empty from the start
     * @param limit most messages in one answer, 1..1000
     * @param addressedOnly leaves out topics that address no place, which every region keeps for itself
     * @param copies whether nodes also answer for slots of which they are not the owner but have a copy, since the owner
     *     cannot be asked
     */
    record RetainedLookup(
            OptionalInt slot, String filter, String afterTopic, int limit, boolean addressedOnly, boolean copies)
            implements Question {

        /** The same question from a later topic on. */
        public RetainedLookup after(String topic) {
            return new RetainedLookup(slot, filter, topic, limit, addressedOnly, copies);
        }

        /** The same question to everybody who has a copy. */
        public RetainedLookup ofCopies() {
            return new RetainedLookup(OptionalInt.empty(), filter, afterTopic, limit, addressedOnly, true);
        }
    }

    /**
     * Keep these retained messages, each unless its topic has had a newer one; answered when they are on disk.
     *
     * @param topicSlot the slot of all their topics, 0..4095
     * @param stage how far they have come
     * @param publications with an empty payload for a clear; in any order, and asked any number of times
     */
    record RetainedPut(int topicSlot, PutStage stage, List<Publication> publications) implements Question {
        public RetainedPut {
            publications = List.copyOf(publications);
        }

        @Override
        public OptionalInt slot() {
            return OptionalInt.of(topicSlot);
        }
    }

    /** How far retained messages have come. */
    enum PutStage {
        /** To the owner of their slot, who sees to it that everybody else who should have them gets them. */
        PUBLISHED,
        /** To the owner of their slot, from the one in another region. */
        FROM_REGION,
        /** From the owner of their slot to somebody who keeps a copy. */
        COPY
    }

    /**
     * What do the versions of your retained messages of a slot sum up to? Two who have the same ones have the same sum.
     *
     * @param topicSlot 0..4095
     * @param everywhere whether topics count that every region keeps, or all whose home is the asked node's zone
     * @param own the same sum at the asker
     */
    record RetainedSum(int topicSlot, boolean everywhere, long own) implements Question {
        @Override
        public OptionalInt slot() {
            return OptionalInt.of(topicSlot);
        }
    }

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
