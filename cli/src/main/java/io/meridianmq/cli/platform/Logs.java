package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code meridian logs}. */
@Command(
        name = "logs",
        header = "Show the log of one process of the platform.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "1:there is no such process or log", "2:wrong usage", "130:stopped with Ctrl-C"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  The last lines of a node, and what it adds:",
            "    ./meridian logs us-east/a/1 -f",
            "  A zone gateway, the region's etcd, its load balancer, global-control:",
            "    ./meridian logs us-east/a",
            "    ./meridian logs etcd-us-east",
            "    ./meridian logs haproxy-us-east",
            "    ./meridian logs global -n 500",
            "  What \"up --detach\" says in the background:",
            "    ./meridian logs meridian-up -f"
        })
public final class Logs implements Callable<Integer> {

    @Parameters(
            paramLabel = "PLACE",
            description = "A place; etcd-PLACE or haproxy-PLACE for these two. Without it: the names there are.",
            arity = "0..1",
            defaultValue = "")
    private String name = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on printing what is added to the log, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "Begin with the last N lines. Default: ${DEFAULT-VALUE}.")
    private int lines;

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var file = logFile();
        var size = file.size();
        file.tail(lines).forEach(System.out::println);
        if (follow) {
            file.follow(size, System.out, () -> false);
        }
        return ExitCode.OK;
    }

    private LogFile logFile() {
        var folder = data.folder();
        var processes = PlatformState.read(folder).map(PlatformState::processes).orElse(List.of());
        var started = processes.stream()
                .filter(process -> process.name().equals(name))
                .findFirst();
        if (started.isPresent()) {
            return new LogFile(Path.of(started.get().log()));
        }
        // After an orderly stop the processes are no longer listed; their logs are still there.
        var left = folder.root().resolve("logs").resolve(name + ".log");
        if (!name.isEmpty() && left.toFile().isFile()) {
            return new LogFile(left);
        }
        throw new PlatformException(
                (name.isEmpty() ? "which log?" : "there is no log of \"" + name + "\" in " + folder + ".")
                        + " There is: "
                        + (processes.isEmpty()
                                ? "nothing, no platform is running"
                                : processes.stream().map(Started::name).collect(Collectors.joining(", "))));
    }
}
