package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.packet.UserProperty;
import io.meridianmq.topic.TopicFilter;
import java.util.ArrayList;
import java.util.List;

/** Reads UNSUBSCRIBE (MQTT 5, section 3.10). */
final class UnsubscribeDecoder {

    private UnsubscribeDecoder() {}

    static UnsubscribePacket decode(FrameReader in, ProtocolVersion version) {
        var packetIdentifier = in.readPacketIdentifier();
        var userProperties = version.hasProperties() ? readUserProperties(in) : List.<UserProperty>of();
        if (in.remaining() == 0) {
            // [MQTT3-3.10.3-2]
            throw ProtocolException.protocolError("UNSUBSCRIBE has no topic filter"); // [MQTT-3.10.3-2]
        }
        var topicFilters = new ArrayList<TopicFilter>();
        while (in.remaining() > 0) {
            topicFilters.add(in.readTopicFilter()); // [MQTT-3.10.3-1] [MQTT3-3.10.3-1]
        }
        return new UnsubscribePacket(packetIdentifier, topicFilters, userProperties);
    }

    private static List<UserProperty> readUserProperties(FrameReader in) {
        var properties = new PropertyReader("UNSUBSCRIBE", in);
        while (properties.next()) {
            if (properties.identifier() != Property.USER_PROPERTY) {
                throw properties.notAllowed();
            }
            properties.keepUserProperty();
        }
        return properties.userProperties();
    }
}
