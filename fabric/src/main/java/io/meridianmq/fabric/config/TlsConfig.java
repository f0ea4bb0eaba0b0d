package io.meridianmq.fabric.config;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.Credentials;
import io.meridianmq.fabric.tls.CredentialsException;
import io.meridianmq.fabric.tls.Identity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The section {@code tls}: how a process proves itself to others and whom it trusts.
 *
 * @param given whether the section has any key
 * @param credentials what its files hold; empty if the section is not given, or not usable, which is then a problem
 */
public record TlsConfig(boolean given, Optional<Credentials> credentials) {

    private static final List<String> KEYS = List.of("certificate", "key", "authority");

    /**
     * Reads {@code certificate}, {@code key} and {@code authority}, the paths of PEM files, and the files.
     *
     * @param root the top of the file
     * @param place whom the certificate has to be for
     */
    public static TlsConfig read(Section root, Place place) {
        var section = root.section("tls");
        var given =
                KEYS.stream().filter(key -> !section.string(key, "").isEmpty()).toList();
        if (given.isEmpty()) {
            return new TlsConfig(false, Optional.empty());
        }
        for (var key : KEYS) {
            if (!given.contains(key)) {
                section.problem(key, "is missing: tls needs " + String.join(", ", KEYS) + ", each a PEM file");
            }
        }
        return new TlsConfig(true, given.size() == KEYS.size() ? load(section, place) : Optional.empty());
    }

    private static Optional<Credentials> load(Section section, Place place) {
        try {
            var credentials = Credentials.load(
                    file(section, "certificate"), file(section, "key"), file(section, "authority"), Instant.now());
            if (!credentials.identity().equals(new Identity.Component(place))) {
                section.problem(
                        "certificate",
                        "is " + section.string("certificate") + ", which is for " + credentials.identity()
                                + ", but place is " + place + ": give the certificate of that place");
            }
            return Optional.of(credentials);
        } catch (CredentialsException e) {
            section.problem(e.part().name().toLowerCase(Locale.ROOT), e.problem());
            return Optional.empty();
        }
    }

    private static Path file(Section section, String key) {
        return Path.of(section.string(key));
    }
}
