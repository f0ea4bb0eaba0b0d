package io.meridianmq.core.session;

/**
 * What a CONNECT says about its session.
 *
 * @param cleanStart whether an existing session is discarded; Clean Session of MQTT 3.1.1
 * @param sessionExpirySeconds how long the session outlives the connection: 0 not at all, {@link
 *     Session#NEVER_EXPIRES} for ever, which is MQTT 3.1.1 without Clean Session
 * @param receiveMaximum how many QoS 1 and 2 messages the client takes unacknowledged, 1..65535
 * @param serverReceiveMaximum how many it may send unacknowledged, 1..65535: what CONNACK announces; 65535 for MQTT
 *     3.1.1, which has no such limit
 */
public record Opening(boolean cleanStart, long sessionExpirySeconds, int receiveMaximum, int serverReceiveMaximum) {

    public Opening {
        if (sessionExpirySeconds < 0 || sessionExpirySeconds > Session.NEVER_EXPIRES) {
            throw new IllegalArgumentException(
                    "session expiry interval " + sessionExpirySeconds + " is not in 0.." + Session.NEVER_EXPIRES);
        }
        requireReceiveMaximum(receiveMaximum);
        requireReceiveMaximum(serverReceiveMaximum);
    }

    private static void requireReceiveMaximum(int receiveMaximum) {
        if (receiveMaximum < 1 || receiveMaximum > 65_535) {
            throw new IllegalArgumentException("receive maximum " + receiveMaximum + " is not in 1..65535");
        }
    }
}
