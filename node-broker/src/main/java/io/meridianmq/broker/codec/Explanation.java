package io.meridianmq.broker.codec;

import io.meridianmq.broker.packet.UserProperty;
import java.util.List;

/**
 * How much of what merely explains goes into a packet. The sender leaves it out, user properties first, rather than
 * exceed what the receiver accepts.
 */
enum Explanation {
    ALL,
    REASON_STRING,
    NOTHING;

    /**
     * The reason string, if it is to be there.
     *
     * <p>[MQTT-3.2.2-19] [MQTT-3.4.2-2] [MQTT-3.5.2-2] [MQTT-3.6.2-2] [MQTT-3.7.2-2] [MQTT-3.9.2-1] [MQTT-3.11.2-1]
     * [MQTT-3.14.2-3] [MQTT-3.15.2-2]
     */
    String reasonString(String given) {
        return this == NOTHING ? "" : given;
    }

    /**
     * The user properties, if they are to be there.
     *
     * <p>[MQTT-3.2.2-20] [MQTT-3.4.2-3] [MQTT-3.5.2-3] [MQTT-3.6.2-3] [MQTT-3.7.2-3] [MQTT-3.9.2-2] [MQTT-3.11.2-2]
     * [MQTT-3.14.2-4] [MQTT-3.15.2-3]
     */
    List<UserProperty> userProperties(List<UserProperty> given) {
        return this == ALL ? given : List.of();
    }
}
