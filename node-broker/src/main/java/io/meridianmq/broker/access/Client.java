package io.meridianmq.broker.access;

import java.util.Optional;

/**
 * Whom a decision is about.
 *
 * @param clientId the client's identifier
 * @param userName who it has proved to be; empty for nobody in particular
 */
public record Client(String clientId, Optional<String> userName) {}
