package io.meridianmq.broker.packet;

import io.meridianmq.topic.TopicFilter;
import java.util.List;

/**
 * A client ends subscriptions (MQTT 5, section 3.10).
 *
 * @param packetIdentifier 1 to 65,535
 * @param topicFilters at least one [MQTT-3.10.3-2]
 * @param userProperties in order
 */
public record UnsubscribePacket(int packetIdentifier, List<TopicFilter> topicFilters, List<UserProperty> userProperties)
        implements Packet {

    public UnsubscribePacket {
        topicFilters = List.copyOf(topicFilters);
        userProperties = List.copyOf(userProperties);
    }

    @Override
    public PacketType type() {
        return PacketType.UNSUBSCRIBE;
    }
}
