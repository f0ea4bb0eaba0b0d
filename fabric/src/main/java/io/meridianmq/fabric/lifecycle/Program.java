package io.meridianmq.fabric.lifecycle;

import io.meridianmq.fabric.config.ConfigException;
import io.meridianmq.fabric.config.ConfigSource;
import io.meridianmq.fabric.config.Section;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What programs have in common that need a configuration: {@code --config}, {@code --check-config}, and a life cycle. */
public final class Program {

    private static final Logger log = LoggerFactory.getLogger(Program.class);

    private Program() {}

    /**
     * Runs a program until it is told to stop. Does not return, but for {@code --help}.
     *
     * <p>The process exits with {@link Lifecycle#EXIT_USAGE} for a bad command line or configuration.
     *
     * @param name for the log and the command line's help
     * @param read reads the configuration
     * @param wiring starts the components
     */
    public static <C> void main(String name, String[] args, Function<Section, C> read, Wiring<C> wiring) {
        ProgramArguments arguments;
        try {
            arguments = ProgramArguments.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println(name + ": " + e.getMessage());
            exit(Lifecycle.EXIT_USAGE);
            return;
        }
        if (arguments.help()) {
            System.out.print(ProgramArguments.usage(name));
        } else if (arguments.checkConfig()) {
            exit(checkConfig(arguments, read));
        } else {
            Lifecycle.main(name, lifecycle -> {
                var source = load(arguments);
                var config = finish(source, read);
                source.describe().forEach(log::info);
                wiring.start(lifecycle, config);
            });
        }
    }

    private static <C> int checkConfig(ProgramArguments arguments, Function<Section, C> read) {
        try {
            var source = load(arguments);
            finish(source, read);
            source.describe().forEach(System.out::println);
            return Lifecycle.EXIT_ORDERLY;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return Lifecycle.EXIT_USAGE;
        }
    }

    private static ConfigSource load(ProgramArguments arguments) {
        return arguments
                .config()
                .map(file -> ConfigSource.load(file, System.getenv()))
                .orElseGet(() -> ConfigSource.empty(System.getenv()));
    }

    private static <C> C finish(ConfigSource source, Function<Section, C> read) {
        var config = read.apply(source.root());
        source.finish();
        return config;
    }

    @SuppressWarnings("SystemExitOutsideMain") // This is main, shared by programs.
    private static void exit(int code) {
        System.exit(code);
    }

    /** Wires a process: starts its components through the life cycle, in order, and returns. */
    @FunctionalInterface
    public interface Wiring<C> {
        void start(Lifecycle lifecycle, C config) throws Exception;
    }
}
