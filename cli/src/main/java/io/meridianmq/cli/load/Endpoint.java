package io.meridianmq.cli.load;

import io.meridianmq.fabric.config.HostPort;
import java.net.InetSocketAddress;

/** Where the devices of a region connect. */
record Endpoint(String region, HostPort address) {

    InetSocketAddress socketAddress() {
        return address.toSocketAddress();
    }
}
