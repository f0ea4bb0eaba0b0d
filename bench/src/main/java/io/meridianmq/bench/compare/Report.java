package io.meridianmq.bench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Runs as tables.
 *
 * @param runs of any peers, loads and rounds
 */
record Report(List<Run> runs) {

    /** Whose figures the others' are compared with. */
    private static final Peer YARDSTICK = Peer.MOSQUITTO;

    Report {
        runs = List.copyOf(runs);
    }

    /** The loads that were run, in their order. */
    List<Load> loads() {
        return Load.ALL.stream()
                .filter(load -> runs.stream().anyMatch(run -> run.load().equals(load.name())))
                .toList();
    }

    /** The peers that a load was run with, in their order. */
    List<Peer> peers(Load load) {
        return Arrays.stream(Peer.values())
                .filter(peer -> figure(load, peer, Metric.RATE).isKnown())
                .toList();
    }

    Figure figure(Load load, Peer peer, Metric metric) {
        return Figure.of(
                of(load, peer).stream().mapToDouble(run -> run.value(metric)).toArray());
    }

    /** A table for each load, in Markdown: medians, ranges where rounds differ by more than a fifth. */
    String markdown() {
        return loads().stream().map(this::table).collect(Collectors.joining("\n"));
    }

    /** Every figure of every run, a line each, with a heading. */
    String csv() {
        var lines = new ArrayList<String>();
        lines.add("load,peer,round,"
                + Arrays.stream(Metric.values())
                        .map(Metric::title)
                        .map(title -> '"' + title + '"')
                        .collect(Collectors.joining(","))
                + ",failures");
        for (var run : runs) {
            var values = Arrays.stream(Metric.values())
                    .map(metric -> String.format(Locale.ROOT, "%.3f", run.value(metric)))
                    .collect(Collectors.joining(","));
            lines.add("%s,%s,%d,%s,%d"
                    .formatted(
                            run.load(),
                            run.peer(),
                            run.round(),
                            values,
                            run.failures().size()));
        }
        return String.join("\n", lines) + "\n";
    }

    private String table(Load load) {
        var text = new StringBuilder("### ").append(load.title()).append("\n\n| broker |");
        for (var metric : load.metrics()) {
            text.append(' ').append(metric.title()).append(" |");
        }
        text.append(" the first as a share of ").append(YARDSTICK.title()).append("'s | rounds |\n|---|");
        text.append("---|".repeat(load.metrics().size() + 2)).append('\n');
        for (var peer : peers(load)) {
            text.append("| ").append(peer.title()).append(" |");
            for (var metric : load.metrics()) {
                text.append(' ').append(figure(load, peer, metric)).append(" |");
            }
            text.append(' ')
                    .append(share(load, peer))
                    .append(" | ")
                    .append(rounds(load, peer))
                    .append(" |\n");
        }
        return text.append(budget(load)).toString();
    }

    private String share(Load load, Peer peer) {
        var metric = load.metrics().getFirst();
        var yardstick = figure(load, YARDSTICK, metric);
        var figure = figure(load, peer, metric);
        return yardstick.isKnown() && figure.isKnown() ? Figure.text(figure.median() / yardstick.median()) : "-";
    }

    private String rounds(Load load, Peer peer) {
        var failed =
                of(load, peer).stream().filter(run -> !run.failures().isEmpty()).toList();
        var count = String.valueOf(of(load, peer).size());
        return failed.isEmpty()
                ? count
                : "%s, of which failed %d: %s"
                        .formatted(
                                count,
                                failed.size(),
                                failed.getFirst().failures().get(0).getAsString());
    }

    private static String budget(Load load) {
        return Double.isNaN(load.budget())
                ? ""
                : "%nMeant to be used by %s: at most %s of %s's CPU.%n"
                        .formatted(Peer.MERIDIAN.title(), Figure.text(load.budget()), YARDSTICK.title());
    }

    private List<Run> of(Load load, Peer peer) {
        return runs.stream()
                .filter(run -> run.load().equals(load.name()) && run.peer().equals(peer.title()))
                .toList();
    }
}
