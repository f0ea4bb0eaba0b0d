package io.meridianmq.broker.front;

import io.meridianmq.broker.codec.ProtocolException;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.ReasonCode;
import java.util.HashMap;
import java.util.Map;

/** The numbers that a client uses for topics on one connection (MQTT 5, section 3.3.2.3.4). [MQTT-3.3.2-7] */
final class TopicAliases {

    private final int max;
    private Map<Integer, String> topics = Map.of();

    /** @param max highest alias allowed, which also bounds how many there are */
    TopicAliases(int max) {
        this.max = max;
    }

    /**
     * Returns the packet, which has an alias, with its topic name.
     *
     * @throws ProtocolException if the alias is not allowed, or stands for nothing; the packet is the caller's still
     */
    PublishPacket resolve(PublishPacket packet) {
        var alias = packet.topicAlias();
        if (alias > max) { // [MQTT-3.3.2-9]
            throw new ProtocolException(
                    ReasonCode.TOPIC_ALIAS_INVALID, "topic alias " + alias + " is above the maximum of " + max);
        }
        if (!packet.topic().isEmpty()) {
            if (topics.isEmpty()) {
                topics = new HashMap<>();
            }
            topics.put(alias, packet.topic()); // [MQTT-3.3.2-12]
            return packet;
        }
        var topic = topics.get(alias);
        if (topic == null) {
            throw new ProtocolException(
                    ReasonCode.PROTOCOL_ERROR, "topic alias " + alias + " was not set on this connection");
        }
        return packet.withTopic(topic);
    }
}
