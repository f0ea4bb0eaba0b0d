package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.PlatformState.Started;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.tls.Credentials;
import io.meridianmq.fabric.tls.CredentialsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the admin interface of a platform is, and who asks: the options of every command that asks global-control. */
public final class AdminOption {

    private static final HostPort DEFAULT = new HostPort(Component.LOOPBACK, 20_003);

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            converter = Converter.class,
            description = {
                "Admin address of global-control.",
                "Default: that of the platform that \"up\" started last, else 127.0.0.1:20003."
            })
    private @Nullable HostPort address;

    @ArgGroup(exclusive = false)
    private @Nullable CredentialFiles files;

    @Mixin
    private DataOption data = new DataOption();

    /** PEM files; all three or none. */
    private static final class CredentialFiles {

        @Option(
                names = "--certificate",
                paramLabel = "FILE",
                required = true,
                description = "Certificate of an operator. Default: that of the platform that \"up\" started last.")
        private Path certificate = Path.of("");

        @Option(names = "--key", paramLabel = "FILE", required = true, description = "Its private key.")
        private Path key = Path.of("");

        @Option(
                names = "--authority",
                paramLabel = "FILE",
                required = true,
                description = "Certificate of the authority that signs for the platform.")
        private Path authority = Path.of("");
    }

    /**
     * As given, else what the data folder says.
     *
     * @throws PlatformException if there is no certificate where one is needed, or it cannot be used
     */
    public AdminEndpoint endpoint() {
        var folder = data.folder();
        var local = ofLocalPlatform(folder);
        var asked = address != null ? address : local.orElse(DEFAULT);
        if (files != null) {
            return new AdminEndpoint(asked, Optional.of(load(files.certificate, files.key, files.authority)));
        }
        if (local.filter(running -> isSame(running, asked)).isPresent() && Files.exists(folder.operatorCertificate())) {
            var own = load(folder.operatorCertificate(), folder.operatorKey(), folder.authority());
            return new AdminEndpoint(asked, Optional.of(own));
        }
        if (!asked.isLoopback()) {
            throw new PlatformException(
                    "global-control at " + asked + " is on another machine, and lets nobody in without"
                            + " an operator's certificate: give --certificate, --key and --authority");
        }
        return new AdminEndpoint(asked, Optional.empty());
    }

    static Optional<HostPort> ofLocalPlatform(DataFolder folder) {
        return PlatformState.read(folder)
                .flatMap(state -> state.processes().stream()
                        .filter(started -> started.kind() == Kind.GLOBAL_CONTROL)
                        .map(Started::port)
                        .map(port -> new HostPort(Component.LOOPBACK, port))
                        .findFirst());
    }

    private static boolean isSame(HostPort local, HostPort asked) {
        return asked.isLoopback() && asked.port() == local.port();
    }

    private static Credentials load(Path certificate, Path key, Path authority) {
        try {
            return Credentials.load(certificate, key, authority, Instant.now());
        } catch (CredentialsException e) {
            throw new PlatformException("--" + e.part().name().toLowerCase(Locale.ROOT) + " " + e.problem(), e);
        }
    }

    private static final class Converter implements ITypeConverter<HostPort> {
        @Override
        public HostPort convert(String text) {
            try {
                return HostPort.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("\"" + text + "\" " + e.getMessage());
            }
        }
    }
}
