package io.meridianmq.broker.packet;

import java.util.List;

/**
 * What a DISCONNECT of MQTT 5 may bring (section 3.14.2.2).
 *
 * @param sessionExpiryIntervalSeconds replaces that of CONNECT, from a client alone; {@link Properties#ABSENT} to keep it
 * @param reasonString for people to read; empty for none
 * @param userProperties in order
 * @param serverReference where to go instead, from a server alone; empty for nowhere
 */
public record DisconnectProperties(
        long sessionExpiryIntervalSeconds,
        String reasonString,
        List<UserProperty> userProperties,
        String serverReference) {

    /** Nothing to say. */
    public static final DisconnectProperties NONE = new DisconnectProperties(Properties.ABSENT, "", List.of(), "");

    public DisconnectProperties {
        userProperties = List.copyOf(userProperties);
    }

    /** A reason for people to read, and nothing else. */
    public static DisconnectProperties reason(String reasonString) {
        return new DisconnectProperties(Properties.ABSENT, reasonString, List.of(), "");
    }
}
