package io.meridianmq.broker.packet;

import io.meridianmq.core.publication.Qos;
import io.meridianmq.topic.TopicFilter;

/**
 * One filter of a SUBSCRIBE with its options (MQTT 5, section 3.8.3).
 *
 * @param topicFilter what to get
 * @param maximumQos highest QoS to get it with
 * @param noLocal whether to leave out what this client publishes itself
 * @param retainAsPublished whether to keep the RETAIN flag of the publisher
 * @param retainHandling what to get of the retained messages
 */
public record Subscription(
        TopicFilter topicFilter,
        Qos maximumQos,
        boolean noLocal,
        boolean retainAsPublished,
        RetainHandling retainHandling) {

    /** A subscription with the options that 3.1 and 3.1.1 know: a QoS. */
    public Subscription(TopicFilter topicFilter, Qos maximumQos) {
        this(topicFilter, maximumQos, false, false, RetainHandling.SEND);
    }
}
