package io.meridianmq.broker.access;

import io.meridianmq.fabric.config.Section;

/**
 * Whom a listener lets in without a password.
 *
 * @param anonymous clients without a user name, as nobody in particular
 * @param certificateUser clients with a certificate that the listener trusts, as the user that it names
 */
public record WithoutPassword(boolean anonymous, boolean certificateUser) {

    /** What holds where a configuration says nothing. */
    public static final WithoutPassword DEFAULT = new WithoutPassword(true, false);

    /** Reads the keys of a section; what it does not have is as in {@code fallback}. */
    public static WithoutPassword read(Section section, WithoutPassword fallback) {
        return new WithoutPassword(
                section.bool("anonymous", fallback.anonymous()),
                section.bool("certificate-user", fallback.certificateUser()));
    }
}
