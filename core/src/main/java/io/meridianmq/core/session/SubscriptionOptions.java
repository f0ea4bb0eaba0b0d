package io.meridianmq.core.session;

import io.meridianmq.core.publication.Qos;

/**
 * What a client asks for with one topic filter of a SUBSCRIBE.
 *
 * @param maximumQos highest quality of service at which it wants messages
 * @param noLocal whether messages that it publishes itself stay away
 * @param retainAsPublished whether forwarded messages keep the RETAIN flag of their publisher
 * @param retainHandling when retained messages are sent
 * @param identifier subscription identifier, 1..268435455; 0 for none
 */
public record SubscriptionOptions(
        Qos maximumQos, boolean noLocal, boolean retainAsPublished, RetainHandling retainHandling, int identifier) {

    /** The options of an MQTT 3.1.1 subscription, which has nothing but a QoS. */
    public static SubscriptionOptions ofQos(Qos maximumQos) {
        return new SubscriptionOptions(maximumQos, false, false, RetainHandling.SEND, 0);
    }
}
