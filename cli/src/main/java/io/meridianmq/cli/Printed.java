package io.meridianmq.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tables and JSON of the commands that steer the platform. */
final class Printed {

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private static final Gson ONE_LINE = new GsonBuilder().disableHtmlEscaping().create();

    private Printed() {}

    /** A table with left-aligned columns; every line ends with a line feed. */
    static String table(List<String> titles, Collection<List<String>> rows) {
        var columns = titles.stream()
                .skip(1)
                .map(title -> new TreeTable.Column(title, false))
                .toList();
        return TreeTable.render(
                titles.getFirst(),
                columns,
                rows.stream()
                        .map(row -> new TreeTable(row.getFirst(), row.subList(1, row.size()), List.of()))
                        .toList());
    }

    /** A JSON value over several lines; ends with a line feed. */
    static String json(Object value) {
        return GSON.toJson(value) + "\n";
    }

    /** A JSON value in one line, for streams; ends with a line feed. */
    static String jsonLine(Object value) {
        return ONE_LINE.toJson(value) + "\n";
    }

    /** An object with its keys in the order given. */
    @SafeVarargs // The entries are only read.
    static Map<String, Object> object(Map.Entry<String, ?>... entries) {
        var object = new LinkedHashMap<String, Object>();
        for (var entry : entries) {
            object.put(entry.getKey(), entry.getValue());
        }
        return object;
    }

    /** Without what is beyond seconds. */
    static String time(Timestamp at) {
        return Instant.ofEpochSecond(at.getSeconds()).toString();
    }

    static <V> Map<String, V> sorted(Map<String, V> map) {
        var sorted = new TreeMap<String, V>(Comparator.naturalOrder());
        sorted.putAll(map);
        return sorted;
    }
}
