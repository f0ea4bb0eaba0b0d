package io.meridianmq.bench.compare;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** The program {@code bench/compare}. */
@Command(
        name = "bench/compare",
        header = "Compares Meridian with other brokers on this machine.",
        description = {
            "In each round every broker is started in turn, as a process of its own, and put under each load by",
            "'meridian bench'. Results go to bench/target/compare: table.md, runs.jsonl, runs.csv, and a plot",
            "for each load. Brokers that are not to be had are skipped.",
            "",
            "A machine that does anything else meanwhile measures that."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:a broker could not be measured, or lost, repeated or reordered messages",
            "2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  bench/compare",
            "  bench/compare --quick",
            "  bench/compare --scenarios fan-in,pairs-qos0 --peers meridian,mosquitto --rounds 3"
        })
public final class Compare implements Callable<Integer> {

    @Option(
            names = "--scenarios",
            paramLabel = "NAME",
            split = ",",
            description =
                    "fan-in, fan-out, pairs-qos0, pairs-qos1, pairs-qos2, latency, connect-storm, idle. Default: all.")
    private List<String> scenarios = Load.ALL.stream().map(Load::name).toList();

    @Option(
            names = "--peers",
            paramLabel = "NAME",
            split = ",",
            description = "${COMPLETION-CANDIDATES}. Default: all.")
    private List<Peer> peers = List.of(Peer.values());

    @Option(names = "--rounds", paramLabel = "N", description = "Default: 5.")
    private int rounds = 5;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Measured in each run, after as many to warm up. Default: 5.")
    private int seconds = 5;

    @Option(names = "--quick", description = "One round of two seconds: whether it works, not how fast it is.")
    private boolean isQuick;

    @Option(names = "--append", description = "Keep the runs of earlier calls in the tables.")
    private boolean isAppending;

    @Option(names = "--root", hidden = true, required = true, description = "The source checkout.")
    private Path root = Path.of("");

    private Compare() {}

    /** Compares, and exits with the exit code. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Compare())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var workplace = new Workplace(root.toAbsolutePath());
        var loads = loads();
        if (isQuick) {
            rounds = 1;
            seconds = 2;
        }
        var file = workplace.results().resolve("runs.jsonl");
        Files.createDirectories(workplace.results());
        if (!isAppending) {
            Files.deleteIfExists(file);
        }
        var earlier = Files.exists(file) ? read(file) : List.<Run>of();
        var first = earlier.stream().mapToInt(Run::round).max().orElse(0) + 1;
        var present = present(workplace);
        Collections.rotate(present, first - 1);
        var isSound = true;
        for (var round = first; round < first + rounds; round++) {
            for (var peer : present) {
                isSound &= measure(workplace, peer, loads, round, file);
            }
            Collections.rotate(present, 1); // Nobody is always the first, or always behind the same one.
        }
        write(new Report(Files.exists(file) ? read(file) : List.of()), workplace.results());
        return isSound ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private List<Load> loads() {
        var known = Load.ALL.stream().map(Load::name).toList();
        for (var scenario : scenarios) {
            if (!known.contains(scenario)) {
                throw new IllegalArgumentException("--scenarios: there is no " + scenario + ", only " + known);
            }
        }
        return Load.ALL.stream().filter(load -> scenarios.contains(load.name())).toList();
    }

    private List<Peer> present(Workplace workplace) {
        var present = new ArrayList<Peer>();
        for (var peer : peers) {
            var missing = peer.missing(workplace);
            System.err.println(
                    peer.title() + ": " + missing.map(why -> "skipped: " + why).orElse(peer.remark()));
            if (missing.isEmpty()) {
                present.add(peer);
            }
        }
        return present;
    }

    /** One broker under every load that it can take; false if something failed. */
    private boolean measure(Workplace workplace, Peer peer, List<Load> loads, int round, Path file)
            throws InterruptedException {
        var folder = workplace.results().resolve("brokers").resolve(peer.name().toLowerCase(Locale.ROOT) + "-" + round);
        var isSound = true;
        try (var broker = BrokerProcess.start(peer, workplace, folder)) {
            for (var load : loads) {
                if (peer.takes(load)) {
                    var run = new Run(peer.title(), load.name(), round, drive(workplace, broker, load));
                    Files.writeString(file, run.toLine() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    System.err.println(line(run, load));
                    isSound &= run.failures().isEmpty();
                }
            }
        } catch (IOException e) {
            System.err.println(peer.title() + ": not measured: " + e.getMessage());
            return false;
        }
        return isSound;
    }

    private JsonObject drive(Workplace workplace, BrokerProcess broker, Load load)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(workplace.meridian().toString(), "bench"));
        command.addAll(load.arguments());
        command.addAll(List.of(
                "--port=" + broker.port(),
                "--pid=" + broker.pid(),
                "--qos=" + load.qos(),
                "--warm-up=" + seconds + "s",
                "--duration=" + seconds + "s",
                "--json"));
        var errors = Files.createTempFile(workplace.results(), "bench", ".err");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        var result = output.lines().filter(text -> text.startsWith("{")).findFirst();
        if (result.isEmpty()) {
            throw new IOException("meridian bench printed no result: "
                    + Files.readString(errors).lines().reduce("", (_, last) -> last));
        }
        Files.delete(errors);
        return JsonParser.parseString(result.get()).getAsJsonObject();
    }

    private static String line(Run run, Load load) {
        var figures = load.metrics().stream()
                .map(metric -> Figure.text(run.value(metric)) + " " + metric.title())
                .toList();
        return "round %d, %s, %s: %s%s"
                .formatted(
                        run.round(),
                        run.load(),
                        run.peer(),
                        String.join("; ", figures),
                        run.failures().isEmpty() ? "" : "; FAILED " + run.failures());
    }

    private static List<Run> read(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.map(Run::parse).toList();
        }
    }

    private static void write(Report report, Path folder) throws IOException {
        Files.writeString(folder.resolve("table.md"), report.markdown());
        Files.writeString(folder.resolve("runs.csv"), report.csv());
        Plots.write(report, folder);
        System.out.print(report.markdown());
    }
}
