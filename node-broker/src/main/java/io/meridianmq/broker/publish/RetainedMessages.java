package io.meridianmq.broker.publish;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.topic.TopicFilter;
import java.util.List;
import java.util.function.IntConsumer;

/** Where the node's retained messages are. Any thread may call; nothing blocks; answers come on any thread. */
public interface RetainedMessages {

    /**
     * Replaces the retained message of the publication's topic; an empty payload clears it. [MQTT-3.3.1-5]
     * [MQTT-3.3.1-6]
     *
     * @param publication borrowed for the call
     * @param onStored gets 0x00 when the change survives a crash of the process, or the reason code why it was not made
     */
    void store(Publication publication, IntConsumer onStored);

    /**
     * Looks for messages to send to a subscriber, clears and expired ones left out.
     *
     * @param afterTopic only topics after this one in topic order; empty from the start
     * @param limit most messages in one answer
     * @param sink called exactly once
     */
    void lookUp(TopicFilter filter, String afterTopic, int limit, FoundSink sink);

    /** Takes the answer to a look-up. */
    @FunctionalInterface
    interface FoundSink {

        /**
         * The result.
         *
         * @param found in topic order; one share of each passes to the sink
         * @param more whether later topics match as well
         */
        void found(List<Publication> found, boolean more);
    }
}
