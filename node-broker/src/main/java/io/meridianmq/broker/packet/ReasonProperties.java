package io.meridianmq.broker.packet;

import java.util.List;

/**
 * What explains an acknowledgement of MQTT 5 (section 3.4.2.2).
 *
 * @param reasonString for people to read; empty for none
 * @param userProperties in order
 */
public record ReasonProperties(String reasonString, List<UserProperty> userProperties) {

    /** No explanation. */
    public static final ReasonProperties NONE = new ReasonProperties("", List.of());

    public ReasonProperties {
        userProperties = List.copyOf(userProperties);
    }
}
