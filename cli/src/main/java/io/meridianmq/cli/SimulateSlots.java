package io.meridianmq.cli;

import com.google.gson.GsonBuilder;
import io.meridianmq.simulation.SlotBug;
import io.meridianmq.simulation.SlotSimulation;
import io.meridianmq.simulation.SlotSimulation.Outcome;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code meridian simulate slots}. */
@Command(
        name = "slots",
        header = "Run the slots of one zone in one thread, from a seed, with faults.",
        description = {
            "Nodes crash, drain and are paused for longer than their lease, the leader above all; links are cut; etcd is away"
                    + " for one or for all. Stops at the first seed that does not hold."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every seed held", "1:a seed did not hold", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian simulate slots --seeds 100",
            "  Show that a bug would be found:",
            "    ./meridian simulate slots --seeds 200 --bug PAUSE_NOT_NOTICED"
        })
final class SimulateSlots implements Callable<Integer> {

    private static final int NODES_MAX = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli before the command is called.
    private CommandSpec spec;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--seeds",
            paramLabel = "COUNT",
            defaultValue = "1",
            description = "Run so many, from that of --seed on. Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--bug",
            paramLabel = "NAME",
            defaultValue = "NONE",
            description = "Plant one of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private SlotBug bug = SlotBug.NONE;

    @Option(
            names = "--nodes",
            paramLabel = "COUNT",
            defaultValue = "4",
            description = "Of the zone, at most " + NODES_MAX + ". Default: ${DEFAULT-VALUE}.")
    private int nodes;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        if (seeds < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds is " + seeds + ": at least 1");
        }
        if (nodes < 1 || nodes > NODES_MAX) {
            throw new ParameterException(spec.commandLine(), "--nodes is " + nodes + ": from 1 to " + NODES_MAX);
        }
        var outcomes = run();
        var out = spec.commandLine().getOut();
        if (json) {
            printJson(outcomes, out);
        } else {
            printText(outcomes, out);
        }
        out.flush();
        return outcomes.getLast().violations().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** The outcome of each seed; only the last one may be one that did not hold. */
    private List<Outcome> run() {
        var outcomes = new ArrayList<Outcome>();
        for (var next = seed; next < seed + seeds; next++) {
            var outcome = SlotSimulation.run(next, nodes, bug);
            outcomes.add(outcome);
            if (!outcome.violations().isEmpty()) {
                break;
            }
        }
        return outcomes;
    }

    private void printText(List<Outcome> outcomes, PrintWriter out) {
        out.printf(
                "%,d things done by owners, %,d times all copies of a slot gone, %,d tables%n",
                sum(outcomes, Outcome::done), sum(outcomes, Outcome::lost), sum(outcomes, Outcome::tables));
        var last = lastSeed(outcomes);
        var violations = outcomes.getLast().violations();
        if (violations.isEmpty()) {
            out.printf("%s held%n", last == seed ? "seed " + seed : "seeds " + seed + " to " + last);
            return;
        }
        out.printf("seed %d did not hold:%n", last);
        violations.forEach(violation -> out.println("  " + violation));
        out.println("again: " + again(last));
    }

    private void printJson(List<Outcome> outcomes, PrintWriter out) {
        var last = lastSeed(outcomes);
        var violations = outcomes.getLast().violations();
        var report = new LinkedHashMap<String, Object>();
        report.put("held", violations.isEmpty());
        report.put("firstSeed", seed);
        report.put("lastSeed", last);
        report.put("done", sum(outcomes, Outcome::done));
        report.put("lost", sum(outcomes, Outcome::lost));
        report.put("tables", sum(outcomes, Outcome::tables));
        report.put("violations", violations);
        report.put("again", again(last));
        out.println(new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(report));
    }

    private long lastSeed(List<Outcome> outcomes) {
        return seed + outcomes.size() - 1;
    }

    private String again(long failed) {
        return "./meridian simulate slots --seed " + failed + " --nodes " + nodes
                + (bug == SlotBug.NONE ? "" : " --bug " + bug);
    }

    private static long sum(List<Outcome> outcomes, ToLongFunction<Outcome> figure) {
        return outcomes.stream().mapToLong(figure).sum();
    }
}
