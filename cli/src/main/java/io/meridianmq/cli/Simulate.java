package io.meridianmq.cli;

import com.google.gson.GsonBuilder;
import io.meridianmq.simulation.PlantedBug;
import io.meridianmq.simulation.Result;
import io.meridianmq.simulation.Shape;
import io.meridianmq.simulation.Simulation;
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

/** The command {@code meridian simulate}. */
@Command(
        name = "simulate",
        header = "Run a whole platform in one thread, from a seed, with faults.",
        description = {
            "Links are cut, frames get lost and components are killed, as the seed says; then what must always hold is"
                    + " checked. Stops at the first seed that does not hold. A seed always gives the same run again."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true,
        subcommands = SimulateSlots.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every seed held", "1:a seed did not hold", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./meridian simulate --seeds 100",
            "  One seed on a larger platform, for a script:",
            "    ./meridian simulate --seed 7 --zones 3 --json | jq .violations",
            "  Show that a bug would be found:",
            "    ./meridian simulate --seeds 1000 --bug SKIP_A_DELTA",
            "  Only the slots of a zone:",
            "    ./meridian simulate slots --seeds 100"
        })
final class Simulate implements Callable<Integer> {

    /** The first ones tell what went wrong; the others usually follow from them. */
    private static final int VIOLATIONS_SHOWN = 20;

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
    private PlantedBug bug = PlantedBug.NONE;

    @Option(names = "--regions", paramLabel = "COUNT", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}.")
    private int regions;

    @Option(
            names = "--zones",
            paramLabel = "COUNT",
            defaultValue = "2",
            description = "In each region. Default: ${DEFAULT-VALUE}.")
    private int zones;

    @Option(
            names = "--nodes",
            paramLabel = "COUNT",
            defaultValue = "3",
            description = "In each zone. Default: ${DEFAULT-VALUE}.")
    private int nodes;

    @Option(names = "--json", description = "Print one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        if (seeds < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds is " + seeds + ": at least 1");
        }
        var results = run(shape());
        var out = spec.commandLine().getOut();
        if (json) {
            printJson(results, out);
        } else {
            printText(results, out);
        }
        out.flush();
        return results.getLast().held() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Shape shape() {
        try {
            return new Shape(regions, zones, nodes);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The result of each seed; only the last one may be one that did not hold. */
    private List<Result> run(Shape shape) {
        var results = new ArrayList<Result>();
        for (var next = seed; next < seed + seeds; next++) {
            var result = Simulation.run(next, shape, bug);
            results.add(result);
            if (!result.held()) {
                break;
            }
        }
        return results;
    }

    private void printText(List<Result> results, PrintWriter out) {
        out.printf(
                "%,d publications, %,d deliveries, %,d frames (%,d lost, %,d sent again), %,d cuts, %,d restarts%n",
                sum(results, Result::published),
                sum(results, Result::delivered),
                sum(results, Result::frames),
                sum(results, Result::framesLost),
                sum(results, Result::resends),
                sum(results, Result::cuts),
                sum(results, Result::restarts));
        var last = results.getLast();
        if (last.held()) {
            out.printf("%s held%n", results.size() == 1 ? "seed " + seed : "seeds " + seed + " to " + last.seed());
            return;
        }
        var violations = last.violations();
        out.printf(
                "seed %d did not hold: %,d violation%s%n",
                last.seed(), violations.size(), violations.size() == 1 ? "" : "s");
        violations.stream().limit(VIOLATIONS_SHOWN).forEach(violation -> out.println("  " + violation));
        if (violations.size() > VIOLATIONS_SHOWN) {
            out.printf("  and %,d more: --json prints all%n", violations.size() - VIOLATIONS_SHOWN);
        }
        out.println("again: " + again(last));
    }

    private void printJson(List<Result> results, PrintWriter out) {
        var last = results.getLast();
        var report = new LinkedHashMap<String, Object>();
        report.put("held", last.held());
        report.put("firstSeed", seed);
        report.put("lastSeed", last.seed());
        report.put("publications", sum(results, Result::published));
        report.put("deliveries", sum(results, Result::delivered));
        report.put("frames", sum(results, Result::frames));
        report.put("framesLost", sum(results, Result::framesLost));
        report.put("framesSentAgain", sum(results, Result::resends));
        report.put("cuts", sum(results, Result::cuts));
        report.put("restarts", sum(results, Result::restarts));
        report.put("violations", last.violations());
        report.put("again", again(last));
        out.println(new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(report));
    }

    private String again(Result result) {
        return "./meridian simulate --seed " + result.seed()
                + (bug == PlantedBug.NONE ? "" : " --bug " + bug)
                + (new Shape(regions, zones, nodes).equals(Shape.DEFAULT)
                        ? ""
                        : " --regions " + regions + " --zones " + zones + " --nodes " + nodes);
    }

    private static long sum(List<Result> results, ToLongFunction<Result> figure) {
        return results.stream().mapToLong(figure).sum();
    }
}
