package io.meridianmq.broker.packet;

import java.util.List;
import java.util.Optional;

/**
 * What a CONNECT of MQTT 5 may say besides its flags (section 3.1.2.11).
 *
 * @param sessionExpiryIntervalSeconds how long the session outlives the connection; 0 (also when absent) ends with it,
 *     {@link Properties#NEVER_EXPIRES} never
 * @param receiveMaximum how many QoS 1 and 2 publications the client processes at a time, 1 to 65,535
 * @param maximumPacketSize size in bytes of the largest packet the client accepts; {@link Packet#SIZE_MAX} when absent
 * @param topicAliasMaximum highest topic alias the client accepts; 0 for none
 * @param requestResponseInformation whether CONNACK may bring response information
 * @param requestProblemInformation whether reason strings and user properties may come with any packet
 * @param userProperties in order
 * @param authentication first step of enhanced authentication
 */
public record ConnectProperties(
        long sessionExpiryIntervalSeconds,
        int receiveMaximum,
        int maximumPacketSize,
        int topicAliasMaximum,
        boolean requestResponseInformation,
        boolean requestProblemInformation,
        List<UserProperty> userProperties,
        Optional<Authentication> authentication) {

    /** What a CONNECT without properties means, those of 3.1 and 3.1.1 included. */
    public static final ConnectProperties NONE = new ConnectProperties(
            0, Properties.RECEIVE_MAXIMUM_DEFAULT, Packet.SIZE_MAX, 0, false, true, List.of(), Optional.empty());

    public ConnectProperties {
        userProperties = List.copyOf(userProperties);
    }
}
