package io.meridianmq.core.session;

import java.util.OptionalLong;

/**
 * How a connection ended.
 *
 * @param sessionExpirySeconds the new Session Expiry Interval that a DISCONNECT carried
 */
public record Departure(Manner manner, OptionalLong sessionExpirySeconds) {

    /** The connection ended without a DISCONNECT of the client. */
    public static final Departure LOST = new Departure(Manner.LOST, OptionalLong.empty());

    /** A DISCONNECT without properties. */
    public static final Departure NORMAL = new Departure(Manner.NORMAL, OptionalLong.empty());

    /** What the end means for the will. */
    public enum Manner {
        /** DISCONNECT with reason code 0x00: the will is discarded. [MQTT-3.14.4-3] */
        NORMAL,
        /** DISCONNECT with any other reason code, 0x04 (disconnect with will) above all: the will stays. */
        WITH_WILL,
        /** No DISCONNECT: network failure, keep-alive, takeover, protocol error. The will stays. */
        LOST
    }
}
