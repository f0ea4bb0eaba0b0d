package io.meridianmq.cli.platform;

import com.google.gson.GsonBuilder;
import io.meridianmq.cli.platform.PlatformState.Started;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code meridian status}. */
@Command(
        name = "status",
        header = "Show the processes of the platform that runs on this machine.",
        description =
                "A process is up, not ready (it runs, and does not say that it can work), or dead; \"up\" starts a "
                        + "dead one again. RESTARTS counts how often it did.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every process is up",
            "1:a process is not ready or dead",
            "2:wrong usage",
            "3:no platform is running"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian status",
            "  Process numbers of the nodes, for a script:",
            "    ./meridian status --json | jq '.processes[] | select(.kind==\"node\").pid'"
        })
public final class Status implements Callable<Integer> {

    private static final int NOTHING_RUNS = 3;

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--json", description = "Print one JSON object instead of a table.")
    private boolean json;

    private enum State {
        UP("up"),
        NOT_READY("not ready"),
        DEAD("dead");

        private final String label;

        State(String label) {
            this.label = label;
        }
    }

    @Override
    public Integer call() {
        var folder = data.folder();
        var recorded = PlatformState.read(folder);
        var processes = recorded.map(PlatformState::processes).orElse(List.of());
        var states = processes.parallelStream().collect(Collectors.toMap(Function.identity(), Status::stateOf));
        var nothingRuns = states.values().stream().allMatch(State.DEAD::equals)
                && recorded.flatMap(PlatformState::liveSupervisor).isEmpty();
        if (json) {
            System.out.println(toJson(folder, processes, states));
        } else if (nothingRuns) {
            System.out.println("no platform is running with the data in " + folder);
        } else {
            System.out.print(StatusTable.of(processes, started -> stateOf(states, started).label));
        }
        if (nothingRuns) {
            return NOTHING_RUNS;
        }
        return states.values().stream().allMatch(State.UP::equals) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static State stateOf(Started started) {
        if (!started.identity().isAlive()) {
            return State.DEAD;
        }
        return Health.isReady(URI.create(started.readiness())) ? State.UP : State.NOT_READY;
    }

    private static State stateOf(Map<Started, State> states, Started started) {
        return states.getOrDefault(started, State.DEAD);
    }

    private static String toJson(DataFolder folder, List<Started> processes, Map<Started, State> states) {
        var report = new LinkedHashMap<String, Object>();
        report.put("data", folder.toString());
        report.put(
                "processes",
                processes.stream()
                        .map(started -> toJson(started, stateOf(states, started)))
                        .toList());
        return new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(report);
    }

    private static Map<String, Object> toJson(Started started, State state) {
        var object = new LinkedHashMap<String, Object>();
        object.put("name", started.name());
        object.put("kind", started.kind().toString());
        object.put("place", started.place());
        object.put("port", started.port());
        object.put("pid", started.identity().pid());
        object.put("state", state.label);
        object.put("restarts", started.restarts());
        object.put("log", started.log());
        object.put("metrics", started.metrics());
        return object;
    }
}
