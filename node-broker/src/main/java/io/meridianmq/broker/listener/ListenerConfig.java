package io.meridianmq.broker.listener;

import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.Section;

/**
 * One listening socket.
 *
 * @param tcp address to listen on; port 0: any free port
 * @param proxyProtocol whether every connection begins with a PROXY protocol header that names the client
 */
public record ListenerConfig(HostPort tcp, boolean proxyProtocol) {

    public static ListenerConfig read(Section section) {
        return new ListenerConfig(section.hostPort("tcp"), section.bool("proxy-protocol", false));
    }
}
