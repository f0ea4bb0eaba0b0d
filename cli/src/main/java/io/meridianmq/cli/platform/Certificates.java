package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.Component.Deployable;
import io.meridianmq.fabric.tls.Authority;
import io.meridianmq.fabric.tls.Credentials;
import io.meridianmq.fabric.tls.CredentialsException;
import io.meridianmq.fabric.tls.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The authority of a local platform and what it has signed: a certificate for each of Meridian's processes, and one for
 * the operator who uses this command. All of it is in the data folder, is worth nothing elsewhere, and may be deleted while
 * nothing runs: it is then made anew.
 */
final class Certificates {

    static final Duration VALIDITY = Duration.ofDays(365);

    /** What ends sooner is made anew, so that a platform can run for a month. */
    static final Duration VALID_FOR = Duration.ofDays(30);

    private static final Identity OPERATOR = new Identity.Operator("local");

    private final DataFolder folder;
    private final Instant now;

    /**
     * @param now when they have to be valid
     */
    Certificates(DataFolder folder, Instant now) {
        this.folder = folder;
        this.now = now;
    }

    /** Makes what is missing, ends soon or cannot be used. */
    void make(Layout layout) {
        try {
            var authority = authority();
            createFolder(folder.operatorCertificate());
            for (var component : layout.components()) {
                if (component instanceof Deployable deployable) {
                    createFolder(folder.certificate(deployable));
                    makeOne(
                            authority,
                            new Identity.Component(deployable.place()),
                            folder.certificate(deployable),
                            folder.key(deployable));
                }
            }
            makeOne(authority, OPERATOR, folder.operatorCertificate(), folder.operatorKey());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write certificates to " + folder, e);
        }
    }

    private Authority authority() throws IOException {
        try {
            var existing = Authority.load(folder.authority(), folder.authorityKey());
            if (lasts(existing.expiry())) {
                return existing;
            }
        } catch (CredentialsException _) {
            // There is none yet, or it is damaged: what it has signed goes with it.
        }
        var made = Authority.create(now, VALIDITY);
        createFolder(folder.authority());
        made.save(folder.authority(), folder.authorityKey());
        return made;
    }

    private void makeOne(Authority authority, Identity identity, Path certificate, Path key) throws IOException {
        var usable = existing(certificate, key)
                .filter(credentials -> credentials.identity().equals(identity))
                .filter(credentials -> lasts(credentials.expiry()));
        if (usable.isEmpty()) {
            Authority.save(authority.issue(identity, now, VALIDITY), certificate, key);
        }
    }

    private Optional<Credentials> existing(Path certificate, Path key) {
        try {
            return Optional.of(Credentials.load(certificate, key, folder.authority(), now));
        } catch (CredentialsException _) {
            return Optional.empty(); // Missing, damaged, or of an earlier authority: a new one takes its place.
        }
    }

    /** The one that a file goes to, for this user alone. */
    private static void createFolder(Path file) throws IOException {
        Files.createDirectories(
                file.resolveSibling(""),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private boolean lasts(Instant expiry) {
        return expiry.isAfter(now.plus(VALID_FOR));
    }
}
