package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.ScramVerifier;
import java.util.Optional;

/** What a user name and a password in CONNECT come to, as far as that can be said at once. */
public sealed interface Verdict {

    /**
     * The client is let in.
     *
     * @param user who it is; empty for a client without a name
     */
    record Admitted(Optional<User> user) implements Verdict {}

    record Refused(Denial denial) implements Verdict {}

    /** Whether the password is the user's has to be found out, which takes a while. */
    record Unproven(String name, ScramVerifier verifier, String password) implements Verdict {

        /** Who it is if the password is right. */
        public User user() {
            return User.of(name, verifier);
        }

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "Unproven[" + name + "]";
        }
    }
}
