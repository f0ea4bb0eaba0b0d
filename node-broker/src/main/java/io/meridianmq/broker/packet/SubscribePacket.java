package io.meridianmq.broker.packet;

import java.util.List;

/**
 * A client subscribes (MQTT 5, section 3.8).
 *
 * @param packetIdentifier 1 to 65,535
 * @param subscriptions at least one [MQTT-3.8.3-2]
 * @param subscriptionIdentifier what matching publications will carry, 1 to 268,435,455, or 0 for none
 * @param userProperties in order
 */
public record SubscribePacket(
        int packetIdentifier,
        List<Subscription> subscriptions,
        int subscriptionIdentifier,
        List<UserProperty> userProperties)
        implements Packet {

    public SubscribePacket {
        subscriptions = List.copyOf(subscriptions);
        userProperties = List.copyOf(userProperties);
    }

    @Override
    public PacketType type() {
        return PacketType.SUBSCRIBE;
    }
}
