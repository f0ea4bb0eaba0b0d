package io.meridianmq.broker.listener;

import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.Section;

/**
 * One listening socket.
 *
 * @param tcp address to listen on; port 0: any free port
 * @param proxyProtocol whether every connection begins with a PROXY protocol header that names the client
 * @param connection what connections to this listener may do
 * @param ownPacketSize whether the listener says itself how large a packet may be, rather than leave that to the node and
 *     the platform's settings
 */
public record ListenerConfig(
        HostPort tcp, boolean proxyProtocol, ConnectionSettings connection, boolean ownPacketSize) {

    /** Plain TCP that does as the node's other listeners do. */
    public static ListenerConfig tcp(HostPort address, ConnectionSettings connection) {
        return new ListenerConfig(address, false, connection, false);
    }

    /**
     * Reads one of the sections {@code listeners}.
     *
     * @param connection of the node: for what the listener does not say itself
     */
    public static ListenerConfig read(Section section, ConnectionSettings connection) {
        return new ListenerConfig(
                section.hostPort("tcp"),
                section.bool("proxy-protocol", false),
                ConnectionSettings.read(section, connection),
                section.has("maximum-packet-size"));
    }

    /** What a new connection may do, as the node's settings are at the moment. */
    ConnectionSettings connection(ConnectionSettings node) {
        return ownPacketSize ? connection : connection.withMaximumPacketSize(node.maximumPacketSize());
    }
}
