package io.meridianmq.broker.access;

import io.meridianmq.fabric.access.RefusedFileException;
import java.util.Optional;

/** Policies of tests, from the text of an ACL file. */
public final class AclText {

    private AclText() {}

    /** Nobody is asked for a password, and these rules hold. */
    public static Policy policy(String acl) {
        try {
            return new Policy(Optional.empty(), AclFileTest.parse(acl));
        } catch (RefusedFileException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
