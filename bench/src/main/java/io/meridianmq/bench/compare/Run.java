package io.meridianmq.bench.compare;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * What one run has shown.
 *
 * @param peer its title
 * @param load its name
 * @param round from 1
 * @param result the object that {@code meridian bench --json} prints
 */
record Run(String peer, String load, int round, JsonObject result) {

    /** Reads a line that {@link #toLine} wrote. */
    static Run parse(String line) {
        var object = JsonParser.parseString(line).getAsJsonObject();
        return new Run(
                object.get("peer").getAsString(),
                object.get("load").getAsString(),
                object.get("round").getAsInt(),
                object.getAsJsonObject("result"));
    }

    String toLine() {
        var object = new JsonObject();
        object.addProperty("peer", peer);
        object.addProperty("load", load);
        object.addProperty("round", round);
        object.add("result", result);
        return object.toString();
    }

    double value(Metric metric) {
        return metric.of(result);
    }

    /** The checks that failed: loss, repetition, order. */
    JsonArray failures() {
        return result.getAsJsonArray("failures");
    }
}
