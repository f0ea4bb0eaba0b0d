package io.meridianmq.broker.listener;

import io.meridianmq.fabric.config.Kind;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.tls.CredentialsException;
import io.meridianmq.fabric.tls.ListenerCredentials;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a listener encrypts.
 *
 * @param credentials what the files held when the configuration was read
 * @param clients whether clients show certificates
 * @param versions of TLS that are spoken, in the names of the JDK
 */
public record ListenerTls(
        ListenerCredentials.Files files,
        ListenerCredentials credentials,
        ClientCertificates clients,
        List<String> versions) {

    private static final List<String> KEYS =
            List.of("certificate", "key", "client-authority", "client-certificates", "minimum-tls");
    private static final String OLDER = "1.2";
    private static final String NEWER = "1.3";

    /** Whether clients show certificates. */
    public enum ClientCertificates {
        /** They are not asked. */
        NONE,
        /** One that is shown has to be good. */
        OPTIONAL,
        /** Who shows none gets no connection. */
        REQUIRED
    }

    public ListenerTls {
        versions = List.copyOf(versions);
    }

    /** Reads the keys of a listener; empty if it does not encrypt, or cannot, which is then a problem. */
    static Optional<ListenerTls> read(Section section, boolean isEncrypted) {
        if (!isEncrypted) {
            KEYS.stream()
                    .filter(section::has)
                    .forEach(key -> section.problem(key, "is for tls and secure-websocket alone: remove it"));
            return Optional.empty();
        }
        var files = new ListenerCredentials.Files(
                Path.of(section.string("certificate")),
                Path.of(section.string("key")),
                Optional.of(section.string("client-authority", ""))
                        .filter(authority -> !authority.isEmpty())
                        .map(Path::of));
        var clients = section.choice("client-certificates", ClientCertificates.NONE);
        var isAsking = clients != ClientCertificates.NONE;
        if (isAsking && files.clientAuthority().isEmpty()) {
            section.problem("client-authority", "is missing: give the PEM file of who signs clients' certificates");
        } else if (!isAsking && files.clientAuthority().isPresent()) {
            section.problem(
                    "client-authority", "is of no use without client-certificates: optional, or required: add that");
        }
        var versions = section.value("minimum-tls", OLDER, Kind.oneOf(List.of(OLDER, NEWER)))
                        .equals(OLDER)
                ? List.of("TLSv1.2", "TLSv1.3")
                : List.of("TLSv1.3");
        if (!section.has("certificate") || !section.has("key")) {
            return Optional.empty(); // Missing, which has been noted.
        }
        try {
            return Optional.of(
                    new ListenerTls(files, ListenerCredentials.load(files, Instant.now()), clients, versions));
        } catch (CredentialsException e) {
            section.problem(keyOf(e.part()), e.problem());
            return Optional.empty();
        }
    }

    /** The key that names a file. */
    static String keyOf(CredentialsException.Part part) {
        return switch (part) {
            case CERTIFICATE -> "certificate";
            case KEY -> "key";
            case AUTHORITY -> "client-authority";
        };
    }
}
