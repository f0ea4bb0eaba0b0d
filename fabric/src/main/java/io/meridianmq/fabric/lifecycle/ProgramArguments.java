package io.meridianmq.fabric.lifecycle;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The command line of a program that needs a configuration.
 *
 * @param config file to read; the environment alone if empty
 * @param checkConfig whether to read the configuration, show it and end
 */
record ProgramArguments(Optional<Path> config, boolean checkConfig, boolean help) {

    static String usage(String program) {
        return """
                usage: %s [--config FILE] [--check-config]

                  --config FILE    read the configuration from this YAML file; without it, from the environment alone
                  --check-config   read the configuration, print what is in force, and end
                """.formatted(program);
    }

    /** @throws IllegalArgumentException if the command line cannot be understood; the message says what and how */
    static ProgramArguments parse(List<String> args) {
        var config = Optional.<Path>empty();
        var checkConfig = false;
        var help = false;
        for (var rest = args.iterator(); rest.hasNext(); ) {
            var option = rest.next();
            switch (option) {
                case "--config" -> {
                    if (!rest.hasNext()) {
                        throw new IllegalArgumentException("--config needs the name of a file; try --help");
                    }
                    config = Optional.of(Path.of(rest.next()));
                }
                case "--check-config" -> checkConfig = true;
                case "--help", "-h" -> help = true;
                default -> throw new IllegalArgumentException("unknown option \"" + option + "\"; try --help");
            }
        }
        return new ProgramArguments(config, checkConfig, help);
    }
}
