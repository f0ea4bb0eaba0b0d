package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.netty.buffer.ByteBuf;

/** Writes SUBSCRIBE and UNSUBSCRIBE (MQTT 5, sections 3.8 and 3.10). */
final class SubscribeEncoder {

    private SubscribeEncoder() {}

    static void write(ByteBuf out, SubscribePacket packet, ProtocolVersion version) {
        out.writeShort(packet.packetIdentifier());
        if (version.hasProperties()) {
            var at = LengthPrefix.open(out);
            if (packet.subscriptionIdentifier() != 0) {
                PropertyWriter.writeVariableByteInteger(
                        out, Property.SUBSCRIPTION_IDENTIFIER, packet.subscriptionIdentifier());
            }
            PropertyWriter.writeUserProperties(out, packet.userProperties());
            LengthPrefix.close(out, at);
        }
        for (var subscription : packet.subscriptions()) {
            Utf8.write(out, subscription.topicFilter().text());
            out.writeByte(
                    version.hasProperties()
                            ? options(subscription)
                            : subscription.maximumQos().value());
        }
    }

    static void write(ByteBuf out, UnsubscribePacket packet, ProtocolVersion version) {
        out.writeShort(packet.packetIdentifier());
        if (version.hasProperties()) {
            var at = LengthPrefix.open(out);
            PropertyWriter.writeUserProperties(out, packet.userProperties());
            LengthPrefix.close(out, at);
        }
        for (var topicFilter : packet.topicFilters()) {
            Utf8.write(out, topicFilter.text());
        }
    }

    private static int options(Subscription subscription) {
        return subscription.maximumQos().value()
                | (subscription.noLocal() ? 0b100 : 0)
                | (subscription.retainAsPublished() ? 0b1000 : 0)
                | (subscription.retainHandling().value() << 4);
    }
}
