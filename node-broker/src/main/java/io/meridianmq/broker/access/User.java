package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.ScramVerifier;

/**
 * Somebody who has proved to be a user of the password file.
 *
 * @param name the user's name
 * @param verifier by which it was proved
 */
public record User(String name, ScramVerifier verifier) {}
