package io.meridianmq.broker.front;

import java.time.Duration;

/**
 * What the node allows one connection.
 *
 * @param maximumPacketSize bytes of the largest packet a client may send
 * @param receiveMaximum QoS 1 and 2 messages a client of MQTT 5 may send unacknowledged, 1..65535
 * @param topicAliasMaximum highest topic alias a client may use, 0..65535
 * @param connectTimeout how long a client may take until its CONNECT is complete
 * @param serverReference where clients of MQTT 5 are told to go while the node is drained; empty for nowhere
 */
public record ConnectionSettings(
        int maximumPacketSize,
        int receiveMaximum,
        int topicAliasMaximum,
        Duration connectTimeout,
        String serverReference) {}
