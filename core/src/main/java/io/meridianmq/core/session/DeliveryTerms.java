package io.meridianmq.core.session;

import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableIntArray;
import io.meridianmq.core.publication.Qos;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How one message is handed to one client, given all subscriptions of the client that match it.
 *
 * <p>Where subscriptions overlap, the client gets one copy with the highest of their QoS and all their identifiers: one
 * of the two ways that MQTT allows, and the cheaper one for both sides.
 *
 * @param maximumQos highest QoS that a matching subscription allows
 * @param retainAsPublished whether a matching subscription wants the publisher's RETAIN flag
 * @param identifiers the matching subscriptions' identifiers
 * @param group the shared subscription that the message is delivered for; such a copy is never merged with others
 */
public record DeliveryTerms(
        Qos maximumQos, boolean retainAsPublished, ImmutableIntArray identifiers, Optional<Subscription> group) {

    /** Of subscriptions that ask for nothing but a QoS, as most do. */
    private static final Map<Qos, DeliveryTerms> NOTHING_BUT_QOS = Maps.toMap(
            EnumSet.allOf(Qos.class), qos -> new DeliveryTerms(qos, false, ImmutableIntArray.of(), Optional.empty()));

    static DeliveryTerms of(Subscription subscription, SubscriptionOptions options) {
        if (!options.retainAsPublished() && options.identifier() == 0 && !subscription.isShared()) {
            return Objects.requireNonNull(NOTHING_BUT_QOS.get(options.maximumQos()));
        }
        return new DeliveryTerms(
                options.maximumQos(), // [MQTT-4.8.2-3]
                options.retainAsPublished(),
                options.identifier() == 0 ? ImmutableIntArray.of() : ImmutableIntArray.of(options.identifier()),
                subscription.isShared() ? Optional.of(subscription) : Optional.empty());
    }

    /** The terms when another subscription matches as well. Neither may be a shared one. */
    public DeliveryTerms and(DeliveryTerms other) {
        assert group.isEmpty() && other.group.isEmpty() : "copies for shared subscriptions are not merged";
        return new DeliveryTerms(
                // [MQTT-3.3.4-2] [MQTT3-3.3.5-1]
                maximumQos.compareTo(other.maximumQos) >= 0 ? maximumQos : other.maximumQos,
                retainAsPublished || other.retainAsPublished,
                ImmutableIntArray.builder(identifiers.length() + other.identifiers.length())
                        .addAll(identifiers)
                        .addAll(other.identifiers) // [MQTT-3.3.4-3] [MQTT-3.3.4-4]
                        .build(),
                group);
    }
}
