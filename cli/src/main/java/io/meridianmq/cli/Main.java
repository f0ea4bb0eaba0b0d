package io.meridianmq.cli;

import io.meridianmq.cli.bench.Bench;
import io.meridianmq.cli.doctor.Doctor;
import io.meridianmq.cli.load.Fleet;
import io.meridianmq.cli.platform.Down;
import io.meridianmq.cli.platform.Logs;
import io.meridianmq.cli.platform.PlatformException;
import io.meridianmq.cli.platform.Status;
import io.meridianmq.cli.platform.Up;
import io.meridianmq.fabric.access.RefusedFileException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** The command {@code meridian}. */
@Command(
        name = "meridian",
        header = "An MQTT platform of regions, zones and nodes.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true,
        subcommands = {
            Up.class,
            Down.class,
            Status.class,
            Logs.class,
            Topology.class,
            Explain.class,
            Topics.class,
            Config.class,
            NodeCommand.class,
            SessionCommand.class,
            Subscribers.class,
            Passwd.class,
            Publish.class,
            Subscribe.class,
            Fleet.class,
            Bench.class,
            Simulate.class,
            Doctor.class
        },
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nCommands of the script ./meridian:%n",
        footer = {
            "  broker  One broker on its own, without etcd: ./meridian broker --help",
            "  test    Build and run the tests: ./meridian test --help",
            "",
            "A first message across regions:",
            "  ./meridian up --detach",
            "  ./meridian sub -p 2883 -t 'plant/+/temp' &",
            "  ./meridian pub -p 1883 -t plant/7/temp -m 21.5",
            "",
            "Each command has its options, exit codes and examples: ./meridian COMMAND --help"
        })
public final class Main {

    private Main() {}

    /** Runs one command and exits with its exit code. */
    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "io/meridianmq/cli/logback.xml");
        System.exit(commandLine().execute(arguments));
    }

    /** The command with all its subcommands, ready to execute. */
    public static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler(Main::failed);
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) throws Exception {
        switch (failure) {
            case PlatformException e -> command.getErr().println("meridian: " + e.getMessage());
            case RefusedFileException e -> command.getErr().println("meridian: " + e.getMessage());
            case UncheckedIOException e ->
                command.getErr().println("meridian: " + e.getMessage() + ": " + e.getCause());
            default -> throw failure;
        }
        return ExitCode.SOFTWARE;
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
