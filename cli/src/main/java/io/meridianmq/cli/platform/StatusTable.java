package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** The processes of a platform as a table for people. */
final class StatusTable {

    private static final List<String> HEADINGS =
            List.of("PROCESS", "PLACE", "PORT", "PID", "STATE", "RESTARTS", "LOG", "METRICS");

    private StatusTable() {}

    /** One line for each process, columns aligned. */
    static String of(List<Started> processes, Function<Started, String> state) {
        var rows = new ArrayList<List<String>>();
        rows.add(HEADINGS);
        for (var started : processes) {
            rows.add(List.of(
                    started.kind().toString(),
                    started.place(),
                    Integer.toString(started.port()),
                    Long.toString(started.identity().pid()),
                    state.apply(started),
                    Integer.toString(started.restarts()),
                    started.log(),
                    started.metrics()));
        }
        var widths = new ArrayList<Integer>();
        for (var column = 0; column < HEADINGS.size(); column++) {
            var at = column;
            widths.add(Collections.max(
                    rows.stream().map(row -> row.get(at).length()).toList()));
        }
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (var column = 0; column < row.size(); column++) {
                line.append(row.get(column))
                        .repeat(' ', widths.get(column) - row.get(column).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
