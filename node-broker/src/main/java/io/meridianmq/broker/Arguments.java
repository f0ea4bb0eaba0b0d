package io.meridianmq.broker;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The command line.
 *
 * @param config file to read; defaults and the environment alone if empty
 * @param checkConfig whether to read the configuration, show it and end
 * @param port overrides the listeners with one on this port
 * @param data overrides the data folder
 */
record Arguments(Optional<Path> config, boolean checkConfig, OptionalInt port, Optional<Path> data, boolean help) {

    static final String USAGE = """
            usage: node-broker [--config FILE] [--check-config] [--port PORT] [--data DIR]

              --config FILE    read the configuration from this YAML file; without it, serve alone on 127.0.0.1:1883
              --check-config   read the configuration, print what is in force, and end
              --port PORT      listen on this port, instead of what the configuration says
              --data DIR       keep data in this folder, instead of what the configuration says (default: data)
            """;

    /** @throws IllegalArgumentException if the command line cannot be understood; the message says what and how */
    static Arguments parse(List<String> args) {
        var config = Optional.<Path>empty();
        var data = Optional.<Path>empty();
        var port = OptionalInt.empty();
        var checkConfig = false;
        var help = false;
        for (var rest = args.iterator(); rest.hasNext(); ) {
            var option = rest.next();
            switch (option) {
                case "--config" -> config = Optional.of(Path.of(value(option, rest)));
                case "--data" -> data = Optional.of(Path.of(value(option, rest)));
                case "--port" -> port = OptionalInt.of(port(value(option, rest)));
                case "--check-config" -> checkConfig = true;
                case "--help", "-h" -> help = true;
                default -> throw new IllegalArgumentException("unknown option \"" + option + "\"; try --help");
            }
        }
        return new Arguments(config, checkConfig, port, data, help);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value; try --help");
        }
        return rest.next();
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("--port is \"" + text + "\": a port is a number from 0 to 65535");
    }
}
