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
}
