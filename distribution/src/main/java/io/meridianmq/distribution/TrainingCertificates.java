package io.meridianmq.distribution;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.Authority;
import io.meridianmq.fabric.tls.Credentials;
import io.meridianmq.fabric.tls.CredentialsException;
import io.meridianmq.fabric.tls.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The files with which the processes of the training run prove themselves. */
final class TrainingCertificates {

    private static final Duration VALIDITY = Duration.ofDays(1);

    private final Path folder;
    private final Path authorityFile;
    private final Instant now = Instant.now();
    private final Authority authority = Authority.create(now, VALIDITY);

    TrainingCertificates(Path folder) throws IOException {
        this.folder = folder;
        this.authorityFile = folder.resolve("authority.pem");
        authority.save(authorityFile, folder.resolve("authority.key"));
    }

    Credentials of(Place place) throws IOException, CredentialsException {
        write(new Identity.Component(place), "link");
        return Credentials.load(certificate("link"), key("link"), authorityFile, now);
    }

    /** The section of a component's configuration. */
    String section(Place place) throws IOException {
        var name = place.level().toString();
        write(new Identity.Component(place), name);
        return """
                tls:
                  certificate: "%s"
                  key: "%s"
                  authority: "%s"
                """.formatted(certificate(name), key(name), authorityFile);
    }

    /** A command with what lets an operator in. */
    String[] asOperator(String... command) throws IOException {
        write(new Identity.Operator("training"), "operator");
        var files = List.of(
                "--certificate",
                certificate("operator").toString(),
                "--key",
                key("operator").toString(),
                "--authority",
                authorityFile.toString());
        return Stream.concat(Stream.of(command), files.stream()).toArray(String[]::new);
    }

    private void write(Identity identity, String name) throws IOException {
        Authority.save(authority.issue(identity, now, VALIDITY), certificate(name), key(name));
    }

    private Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    private Path key(String name) {
        return folder.resolve(name + ".key");
    }
}
