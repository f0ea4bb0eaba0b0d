package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.PlatformState.Started;
import io.meridianmq.fabric.config.HostPort;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the admin interface of a platform is: the options of every command that asks global-control. */
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

    @Mixin
    private DataOption data = new DataOption();

    /** As given, else what the data folder says. */
    public HostPort address() {
        return address != null ? address : ofLocalPlatform(data.folder()).orElse(DEFAULT);
    }

    static Optional<HostPort> ofLocalPlatform(DataFolder folder) {
        return PlatformState.read(folder)
                .flatMap(state -> state.processes().stream()
                        .filter(started -> started.kind() == Kind.GLOBAL_CONTROL)
                        .map(Started::port)
                        .map(port -> new HostPort(Component.LOOPBACK, port))
                        .findFirst());
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
