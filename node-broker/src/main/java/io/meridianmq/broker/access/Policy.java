package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.Passwords;
import io.meridianmq.fabric.access.RefusedFileException;
import java.util.Optional;

/**
 * What the files say at one moment. Immutable; another one takes its place when a file changes.
 *
 * @param passwords who may log in; empty if no password is asked for
 */
public record Policy(Optional<Passwords> passwords) {

    /** Everybody may do everything. */
    public static final Policy OPEN = new Policy(Optional.empty());

    /**
     * Reads the files; blocks.
     *
     * @throws RefusedFileException if one of them cannot be used
     */
    public static Policy load(AccessConfig config) throws RefusedFileException {
        return new Policy(
                config.passwords().isEmpty()
                        ? Optional.empty()
                        : Optional.of(Passwords.read(config.passwords().get())));
    }

    /** Whether a user who has logged in may stay: the user is still there, and the password has not been changed. */
    boolean stillKnows(User user) {
        return passwords.isPresent()
                && passwords
                        .get()
                        .of(user.name())
                        .filter(user.verifier()::equals)
                        .isPresent();
    }
}
