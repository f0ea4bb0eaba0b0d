package io.meridianmq.core.session;

import com.google.common.collect.Maps;
import io.meridianmq.core.publication.Qos;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;

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

    private static final Map<Qos, SubscriptionOptions> NOTHING_BUT_QOS = Maps.toMap(
            EnumSet.allOf(Qos.class), qos -> new SubscriptionOptions(qos, false, false, RetainHandling.SEND, 0));

    /** The options of an MQTT 3.1.1 subscription, which has nothing but a QoS. */
    public static SubscriptionOptions ofQos(Qos maximumQos) {
        return Objects.requireNonNull(NOTHING_BUT_QOS.get(maximumQos));
    }

    /** The same, in one object for all who ask for nothing but a QoS, since most do. */
    public SubscriptionOptions shared() {
        var plain = ofQos(maximumQos);
        return equals(plain) ? plain : this;
    }
}
