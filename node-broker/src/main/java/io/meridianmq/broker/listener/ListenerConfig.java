package io.meridianmq.broker.listener;

import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.settings.SettingKey;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One listening socket.
 *
 * @param address to listen on; port 0: any free port
 * @param tls how connections are encrypted; not at all if empty
 * @param webSocketPath the path at which MQTT is spoken over WebSocket; without WebSocket if empty
 * @param proxyProtocol whether every connection begins with a PROXY protocol header that names the client
 * @param connection what connections to this listener may do
 * @param ownPacketSize whether the listener says itself how large a packet may be, rather than leave that to the node and
 *     the platform's settings
 * @param connections at once; the node's own number holds as well
 */
public record ListenerConfig(
        HostPort address,
        Optional<ListenerTls> tls,
        Optional<String> webSocketPath,
        boolean proxyProtocol,
        ConnectionSettings connection,
        boolean ownPacketSize,
        int connections) {

    private static final HostPort NOWHERE = new HostPort("127.0.0.1", 0);
    private static final String WEBSOCKET_PATH = "/mqtt";

    /** Plain TCP that does as the node's other listeners do. */
    public static ListenerConfig tcp(HostPort address, ConnectionSettings connection) {
        return new ListenerConfig(
                address, Optional.empty(), Optional.empty(), false, connection, false, SettingKey.CONNECTIONS_MAX);
    }

    /**
     * Reads one of the sections {@code listeners}.
     *
     * @param connection of the node: for what the listener does not say itself
     */
    public static ListenerConfig read(Section section, ConnectionSettings connection) {
        var carrier = readCarrier(section);
        return new ListenerConfig(
                section.hostPort(carrier.key, NOWHERE),
                ListenerTls.read(section, carrier.isEncrypted),
                readPath(section, carrier.isWebSocket),
                section.bool("proxy-protocol", false),
                ConnectionSettings.read(section, connection),
                section.has("maximum-packet-size"),
                section.value("connections", SettingKey.CONNECTIONS_MAX, SettingKey.CONNECTIONS.kind()));
    }

    /** What a new connection may do, as the node's settings are at the moment. */
    ConnectionSettings connection(ConnectionSettings node) {
        return ownPacketSize ? connection : connection.withMaximumPacketSize(node.maximumPacketSize());
    }

    private static Carrier readCarrier(Section section) {
        var given = Arrays.stream(Carrier.values())
                .filter(carrier -> section.has(carrier.key))
                .toList();
        if (given.size() == 1) {
            return given.getFirst();
        }
        var all = Arrays.stream(Carrier.values()).map(carrier -> carrier.key).collect(Collectors.joining(", "));
        if (given.isEmpty()) {
            section.problem(Carrier.TCP.key, "is missing: a listener needs an address as one of " + all);
        } else {
            section.problem(
                    given.get(1).key, "is a second address: a listener has one of " + all + "; add another one");
        }
        return Carrier.TCP;
    }

    private static Optional<String> readPath(Section section, boolean isWebSocket) {
        if (!isWebSocket) {
            if (section.has("path")) {
                section.problem("path", "is for websocket and secure-websocket alone: remove it");
            }
            return Optional.empty();
        }
        var path = section.string("path", WEBSOCKET_PATH);
        if (!path.startsWith("/") || path.contains("?") || path.contains("#")) {
            section.problem("path", "is \"" + path + "\": a path begins with a slash, and has no ? and no #");
        }
        return Optional.of(path);
    }
}
