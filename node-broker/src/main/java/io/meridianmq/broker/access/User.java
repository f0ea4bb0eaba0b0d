package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.ScramVerifier;
import java.util.Optional;

/**
 * Somebody who has proved to be a user.
 *
 * @param name the user's name
 * @param verifier by which it was proved; empty if it was by a certificate
 */
public record User(String name, Optional<ScramVerifier> verifier) {

    /** A user of the password file. */
    static User of(String name, ScramVerifier verifier) {
        return new User(name, Optional.of(verifier));
    }

    /** A user whom a certificate names. */
    public static User certified(String name) {
        return new User(name, Optional.empty());
    }
}
