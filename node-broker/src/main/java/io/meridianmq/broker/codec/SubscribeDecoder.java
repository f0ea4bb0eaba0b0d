package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.RetainHandling;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.UserProperty;
import io.meridianmq.core.publication.Qos;
import java.util.ArrayList;
import java.util.List;

/** Reads SUBSCRIBE (MQTT 5, section 3.8). */
final class SubscribeDecoder {

    private static final int QOS = 0b0000_0011;
    private static final int NO_LOCAL = 0b0000_0100;
    private static final int RETAIN_AS_PUBLISHED = 0b0000_1000;
    private static final int RETAIN_HANDLING_SHIFT = 4;
    private static final int RESERVED = 0b1100_0000;
    private static final int RESERVED_BEFORE_5 = 0b1111_1100;

    private SubscribeDecoder() {}

    static SubscribePacket decode(FrameReader in, ProtocolVersion version) {
        var packetIdentifier = in.readPacketIdentifier();
        var subscriptionIdentifier = 0;
        List<UserProperty> userProperties = List.of();
        if (version.hasProperties()) {
            var properties = new PropertyReader("SUBSCRIBE", in);
            while (properties.next()) {
                switch (properties.identifier()) {
                    case Property.SUBSCRIPTION_IDENTIFIER -> {
                        if (subscriptionIdentifier != 0) { // May repeat in PUBLISH, not here.
                            throw ProtocolException.protocolError("SUBSCRIBE has two subscription identifiers");
                        }
                        subscriptionIdentifier = properties.readSubscriptionIdentifier();
                    }
                    case Property.USER_PROPERTY -> properties.keepUserProperty();
                    default -> throw properties.notAllowed();
                }
            }
            userProperties = properties.userProperties();
        }
        return new SubscribePacket(
                packetIdentifier, readSubscriptions(in, version), subscriptionIdentifier, userProperties);
    }

    private static List<Subscription> readSubscriptions(FrameReader in, ProtocolVersion version) {
        if (in.remaining() == 0) {
            throw ProtocolException.protocolError("SUBSCRIBE has no topic filter"); // [MQTT-3.8.3-2] [MQTT3-3.8.3-3]
        }
        var subscriptions = new ArrayList<Subscription>();
        while (in.remaining() > 0) {
            subscriptions.add(readSubscription(in, version));
        }
        return subscriptions;
    }

    private static Subscription readSubscription(FrameReader in, ProtocolVersion version) {
        var topicFilter = in.readTopicFilter(); // [MQTT-3.8.3-1] [MQTT3-3.8.3-1] [MQTT3-3.8.3-2]
        var options = in.readByte();
        if ((options & (version.hasProperties() ? RESERVED : RESERVED_BEFORE_5)) != 0) {
            throw ProtocolException.malformed("reserved subscription options are set"); // [MQTT-3.8.3-5]
        }
        if ((options & QOS) == 3) {
            throw version.hasProperties()
                    ? ProtocolException.protocolError("maximum QoS 3 is not allowed") // MQTT 5, section 3.8.3.1
                    : ProtocolException.malformed("requested QoS 3 is not allowed"); // [MQTT3-3.8.3-4]
        }
        var noLocal = (options & NO_LOCAL) != 0;
        if (noLocal && topicFilter.isShared()) {
            throw ProtocolException.protocolError("No Local on a shared subscription"); // [MQTT-3.8.3-4]
        }
        var retainHandling = (options >> RETAIN_HANDLING_SHIFT) & 0b11;
        if (retainHandling == 3) {
            throw ProtocolException.protocolError("Retain Handling 3 is not allowed"); // MQTT 5, section 3.8.3.1
        }
        return new Subscription(
                topicFilter,
                Qos.of(options & QOS),
                noLocal,
                (options & RETAIN_AS_PUBLISHED) != 0,
                RetainHandling.of(retainHandling));
    }
}
