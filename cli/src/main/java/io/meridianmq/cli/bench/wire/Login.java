package io.meridianmq.cli.bench.wire;

/**
 * What a client says in CONNECT.
 *
 * @param keepAliveSeconds 0 for none; nothing is sent to keep it
 * @param isDurable whether its session outlives its connection, for {@value ClientPackets#SESSION_EXPIRY_SECONDS} s unless it
 *     ends it itself; only with a version that has properties
 */
public record Login(ProtocolVersion version, String clientId, int keepAliveSeconds, boolean isDurable) {

    /** Checks that the version can say it. */
    public Login {
        if (isDurable && !version.hasProperties()) {
            throw new IllegalArgumentException(
                    "only MQTT 5 can end a durable session in order, but this is " + version);
        }
    }
}
