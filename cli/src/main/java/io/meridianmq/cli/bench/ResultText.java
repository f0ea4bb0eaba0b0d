package io.meridianmq.cli.bench;

import java.util.ArrayList;
import java.util.List;

/** A {@link Result} as a table for people. */
final class ResultText {

    private static final double MICROS_PER_MILLI = 1e3;

    private ResultText() {}

    static String of(Result result) {
        var rows = new ArrayList<List<String>>();
        var latency = result.latency();
        rows.add(List.of(
                "received",
                "%,d in %.1f s: %,.0f/s".formatted(result.received(), result.seconds(), result.perSecond())));
        rows.add(List.of("sent", "%,d".formatted(result.sent())));
        rows.add(List.of(
                "lost, duplicated, reordered",
                "%,d, %,d, %,d".formatted(result.lost(), result.duplicated(), result.reordered())));
        rows.add(List.of(
                "latency",
                "p50 %s, p90 %s, p99 %s, p99.9 %s, max %s"
                        .formatted(
                                time(latency.p50Micros()),
                                time(latency.p90Micros()),
                                time(latency.p99Micros()),
                                time(latency.p999Micros()),
                                time(latency.maxMicros()))));
        result.brokerCpuMicrosPerDelivery()
                .ifPresent(value -> rows.add(List.of("broker's processor time", "%.2f us each".formatted(value))));
        result.brokerRssMb().ifPresent(value -> rows.add(List.of("broker's memory", "%.0f MB".formatted(value))));
        result.generatorCpuMicrosPerDelivery()
                .ifPresent(
                        value -> rows.add(List.of("processor time of this program", "%.2f us each".formatted(value))));
        result.figures().forEach((name, value) -> rows.add(List.of(name, "%,.1f".formatted(value))));
        var width = rows.stream().mapToInt(row -> row.getFirst().length()).max().orElse(0);
        var text = new StringBuilder();
        text.append(title(result.parameters())).append('\n');
        rows.forEach(row -> text.append("  ")
                .append(row.getFirst())
                .repeat(' ', width - row.getFirst().length() + 2)
                .append(row.getLast())
                .append('\n'));
        result.failures()
                .forEach(failure -> text.append("FAILED: ").append(failure).append('\n'));
        return text.toString();
    }

    private static String title(Parameters parameters) {
        return "%s: MQTT %s, QoS %d, %,d bytes, %s"
                .formatted(
                        parameters.scenario(),
                        parameters.version(),
                        parameters.qos(),
                        parameters.payloadBytes(),
                        parameters.isClosedLoop()
                                ? "window " + parameters.window()
                                : "%,.0f messages/s".formatted(parameters.rate()));
    }

    static String time(double micros) {
        return micros < MICROS_PER_MILLI ? "%.0f us".formatted(micros) : "%.1f ms".formatted(micros / MICROS_PER_MILLI);
    }
}
