package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.Passwords;
import java.util.Optional;

/**
 * What the files say at one moment. Immutable; another one takes its place when a file changes.
 *
 * @param passwords who may log in; empty if no password is asked for
 * @param acl who may do what
 */
public record Policy(Optional<Passwords> passwords, Acl acl) {

    /** Everybody may do everything. */
    public static final Policy OPEN = new Policy(Optional.empty(), Acl.OPEN);

    /**
     * Whether a user who has logged in may stay: the user is still there, and the password has not been changed; a user
     * whom a certificate names may.
     */
    boolean stillKnows(User user) {
        return user.verifier().isEmpty()
                || passwords.flatMap(known -> known.of(user.name())).equals(user.verifier());
    }
}
