package io.meridianmq.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code meridian doctor}. */
@Command(
        name = "doctor",
        header = "Tell what this machine lacks for so many connections.",
        description = {
            "Looks at limits and settings of the operating system and at native libraries,",
            "and prints what each is, what it has to be, and how to set it. Changes nothing."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is below what is needed", "1:something is", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian doctor --connections 500000",
            "  ./meridian doctor --config broker.yaml",
            "  ./meridian doctor --sysctl -n 500000 > /etc/sysctl.d/60-meridian.conf",
            "  ./meridian doctor --systemd -n 500000 > limits.conf"
        })
public final class Doctor implements Callable<Integer> {

    /** What a broker takes if limits.connections is not given. */
    private static final int CONNECTIONS = 100_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-n", "--connections"},
            paramLabel = "N",
            description = "Clients connected at once. Default: limits.connections of the file, or 100000.")
    private @Nullable Integer connections;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The broker's YAML, for its limits.connections.")
    private @Nullable Path config;

    @ArgGroup
    private Printed printed = new Printed();

    /** What is printed instead of a comparison. */
    private static final class Printed {

        @Option(names = "--sysctl", description = "Print a file for /etc/sysctl.d instead, with what is below here.")
        private boolean sysctl;

        @Option(
                names = "--systemd",
                description =
                        "Print a drop-in for the broker's service instead: its limit of files and flags of its JVM.")
        private boolean systemd;
    }

    /** Made by the command line, without options yet. */
    public Doctor() {}

    @Override
    public Integer call() {
        var sizing = sizing();
        var machine = new Machine(Path.of("/"));
        if (printed.sysctl) {
            System.out.print(TuningText.sysctlFile(sizing, machine));
            return ExitCode.OK;
        }
        if (printed.systemd) {
            System.out.print(TuningText.systemdDropIn(sizing));
            return ExitCode.OK;
        }
        var checks = new Checks(machine, sizing).all();
        System.out.printf("For %,d connections:%n%n", sizing.connections());
        System.out.print(TuningText.table(checks));
        var below = checks.stream().filter(Check::isBelow).count();
        System.out.printf("%n%d of %d below what is needed%n", below, checks.size());
        return below == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Sizing sizing() {
        try {
            if (connections != null) {
                return new Sizing(connections);
            }
            return new Sizing(config == null ? CONNECTIONS : connectionsOf(config));
        } catch (IOException e) {
            throw wrong("cannot read " + config + ": " + e);
        } catch (YamlEngineException | IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    /** A broker's own check of its file is {@code meridian broker --check-config}: here one key counts. */
    private static int connectionsOf(Path file) throws IOException {
        var top = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        if (top instanceof Map<?, ?> keys
                && keys.get("limits") instanceof Map<?, ?> limits
                && limits.containsKey("connections")) {
            if (limits.get("connections") instanceof Integer number) {
                return number;
            }
            throw new IllegalArgumentException(file + ": limits.connections is no whole number");
        }
        return CONNECTIONS;
    }

    private ParameterException wrong(String problem) {
        if (spec == null) {
            throw new IllegalStateException("not made by a command line");
        }
        return new ParameterException(spec.commandLine(), problem);
    }
}
