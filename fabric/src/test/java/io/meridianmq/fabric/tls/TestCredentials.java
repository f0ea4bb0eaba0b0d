package io.meridianmq.fabric.tls;

import java.time.Duration;
import java.time.Instant;

/** Credentials that nobody gets from files. */
public final class TestCredentials {

    private static final Duration DAY = Duration.ofDays(1);

    private TestCredentials() {}

    /** Those of somebody whom one authority has signed and who trusts another one. */
    public static Credentials signedBy(Authority signer, Authority trusted, Identity identity) {
        var own = signer.issue(identity, Instant.now(), DAY);
        var other = trusted.issue(identity, Instant.now(), DAY).authorities().getFirst();
        return Credentials.made(own.certificate(), own.key(), other, identity);
    }
}
