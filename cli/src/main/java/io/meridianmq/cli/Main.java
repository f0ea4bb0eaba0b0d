package io.meridianmq.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command {@code meridian}. */
@Command(
        name = "meridian",
        description = "An MQTT platform of regions, zones and nodes.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true)
public final class Main {

    private Main() {}

    /** Runs one command and exits with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command with all its subcommands, ready to execute. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main());
    }

    /** Says which build this is: the version of the jar, or {@code development} when run from class files. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"meridian " + (version == null ? "development" : version)};
        }
    }
}
