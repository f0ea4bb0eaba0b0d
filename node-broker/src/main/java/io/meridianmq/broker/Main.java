package io.meridianmq.broker;

import io.meridianmq.fabric.config.ConfigException;
import io.meridianmq.fabric.config.ConfigSource;
import io.meridianmq.fabric.lifecycle.Lifecycle;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program {@code node-broker}. */
public final class Main {

    private static final Logger log = LoggerFactory.getLogger(Main.class);

    private Main() {}

    /** Runs a node until it is told to stop; exit code 2 for a bad command line or configuration. */
    public static void main(String[] args) {
        Arguments arguments;
        try {
            arguments = Arguments.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("node-broker: " + e.getMessage());
            System.exit(Lifecycle.EXIT_USAGE);
            return;
        }
        if (arguments.help()) {
            System.out.print(Arguments.USAGE);
        } else if (arguments.checkConfig()) {
            System.exit(checkConfig(arguments));
        } else {
            Lifecycle.main("node-broker", lifecycle -> {
                var source = load(arguments, System.getenv());
                var config = read(arguments, source);
                source.describe().forEach(log::info);
                Node.start(lifecycle, config);
            });
        }
    }

    private static int checkConfig(Arguments arguments) {
        try {
            var source = load(arguments, System.getenv());
            read(arguments, source);
            source.describe().forEach(System.out::println);
            return Lifecycle.EXIT_ORDERLY;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            return Lifecycle.EXIT_USAGE;
        }
    }

    private static ConfigSource load(Arguments arguments, Map<String, String> environment) {
        return arguments
                .config()
                .map(file -> ConfigSource.load(file, environment))
                .orElseGet(() -> ConfigSource.empty(environment));
    }

    private static BrokerConfig read(Arguments arguments, ConfigSource source) {
        var config = BrokerConfig.read(source.root());
        source.finish();
        if (arguments.port().isPresent()) {
            config = config.withPort(arguments.port().getAsInt());
        }
        return arguments.data().isPresent() ? config.withData(arguments.data().get()) : config;
    }
}
