package io.meridianmq.broker.front;

import io.meridianmq.broker.access.WithoutPassword;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.settings.SettingKey;
import java.time.Duration;

/**
 * What a listener allows each of its connections.
 *
 * @param maximumPacketSize bytes of the largest packet a client may send
 * @param receiveMaximum QoS 1 and 2 messages a client of MQTT 5 may send unacknowledged, 1..65535
 * @param topicAliasMaximum highest topic alias a client may use, 0..65535
 * @param connectTimeout how long a client may take until its CONNECT is complete
 * @param withoutPassword whom it lets in without a password
 * @param serverReference where clients of MQTT 5 are told to go while the node is drained; empty for nowhere
 * @param limits what one client may do at most
 * @param protocol what it makes of the choices that MQTT 5 leaves
 */
public record ConnectionSettings(
        int maximumPacketSize,
        int receiveMaximum,
        int topicAliasMaximum,
        Duration connectTimeout,
        WithoutPassword withoutPassword,
        String serverReference,
        ClientLimits limits,
        ProtocolSettings protocol) {

    /** What holds where a configuration says nothing. */
    public static final ConnectionSettings DEFAULT = new ConnectionSettings(
            1 << 20,
            1_000,
            32,
            Duration.ofSeconds(10),
            WithoutPassword.DEFAULT,
            "",
            ClientLimits.DEFAULT,
            ProtocolSettings.DEFAULT);

    /** Reads the keys of a section; what it does not have is as in {@code fallback}. */
    public static ConnectionSettings read(Section section, ConnectionSettings fallback) {
        return new ConnectionSettings(
                Math.toIntExact(section.value(
                        "maximum-packet-size",
                        (long) fallback.maximumPacketSize(),
                        SettingKey.MAXIMUM_PACKET_SIZE.kind())),
                section.integer("receive-maximum", fallback.receiveMaximum(), 1, 65_535),
                section.integer("topic-alias-maximum", fallback.topicAliasMaximum(), 0, 65_535),
                section.duration(
                        "connect-timeout", fallback.connectTimeout(), Duration.ofMillis(100), Duration.ofMinutes(5)),
                WithoutPassword.read(section, fallback.withoutPassword()),
                section.string("server-reference", fallback.serverReference()),
                ClientLimits.read(section, fallback.limits()),
                ProtocolSettings.read(section, fallback.protocol()));
    }

    /** The same with other clients let in without a password. */
    public ConnectionSettings with(WithoutPassword other) {
        return new ConnectionSettings(
                maximumPacketSize,
                receiveMaximum,
                topicAliasMaximum,
                connectTimeout,
                other,
                serverReference,
                limits,
                protocol);
    }

    /** The same with another largest packet. */
    public ConnectionSettings withMaximumPacketSize(int bytes) {
        return bytes == maximumPacketSize
                ? this
                : new ConnectionSettings(
                        bytes,
                        receiveMaximum,
                        topicAliasMaximum,
                        connectTimeout,
                        withoutPassword,
                        serverReference,
                        limits,
                        protocol);
    }
}
