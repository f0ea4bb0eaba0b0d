package io.meridianmq.cli.platform;

import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.tls.Credentials;
import java.util.Optional;

/**
 * An admin interface, and what an operator proves himself with there.
 *
 * @param credentials empty: it is on this machine and not encrypted
 */
public record AdminEndpoint(HostPort address, Optional<Credentials> credentials) {}
