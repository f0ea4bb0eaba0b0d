package io.meridianmq.cli.wan;

import io.meridianmq.fabric.config.HostPort;

/**
 * One way through the proxy.
 *
 * @param listen where it accepts connections; port 0: any free port
 * @param to where it passes them on to
 */
record Route(HostPort listen, HostPort to) {}
