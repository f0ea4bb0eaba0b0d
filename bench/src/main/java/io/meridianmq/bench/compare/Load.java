package io.meridianmq.bench.compare;

import java.util.List;

/**
 * What each broker is put under.
 *
 * @param name in tables and file names
 * @param title for readers
 * @param qos of publishers and subscribers
 * @param arguments of {@code meridian bench}
 * @param metrics what it shows; the first one is plotted, and less of it is better
 * @param budget the share of Mosquitto's processor time in the same run that is meant to be used, or {@link Double#NaN}
 */
record Load(String name, String title, int qos, List<String> arguments, List<Metric> metrics, double budget) {

    static final List<Load> ALL = List.of(
            throughput("fan-in", "50 publishers to 1 subscriber, QoS 0, window 16", 0, 0.18, "fan-in"),
            throughput("fan-out", "1 publisher to 1,000 subscribers, QoS 0, window 8", 0, 0.25, "fan-out"),
            throughput("pairs-qos0", "100 pairs, QoS 0, window 16", 0, 0.11, "pairs"),
            throughput("pairs-qos1", "100 pairs, QoS 1, window 16", 1, 0.11, "pairs"),
            throughput("pairs-qos2", "100 pairs, QoS 2, window 16", 2, 0.09, "pairs"),
            new Load(
                    "latency",
                    "10 pairs, QoS 1, 2,000 messages a second",
                    1,
                    List.of("pairs", "--publishers=10", "--rate=2000"),
                    List.of(Metric.P99, Metric.P50, Metric.CPU, Metric.GENERATOR),
                    Double.NaN),
            new Load(
                    "connect-storm",
                    "connects, 100 attempts under way, 10,000 clients at most",
                    0,
                    List.of("connect-storm", "--connections=10000"),
                    List.of(Metric.CPU, Metric.CONNECTS, Metric.P99, Metric.GENERATOR),
                    Double.NaN),
            new Load(
                    "idle",
                    "10,000 clients that connect, subscribe and then do nothing",
                    0,
                    List.of("idle", "--connections=10000"),
                    List.of(Metric.HEAP, Metric.RESIDENT, Metric.CONNECTS),
                    Double.NaN));

    Load {
        arguments = List.copyOf(arguments);
        metrics = List.copyOf(metrics);
    }

    private static Load throughput(String name, String title, int qos, double budget, String scenario) {
        var metrics = List.of(Metric.CPU, Metric.RATE, Metric.P50, Metric.P99, Metric.MEMORY, Metric.GENERATOR);
        return new Load(name, title, qos, List.of(scenario), metrics, budget);
    }

    /** Whether a peer without acknowledgements can be measured. */
    boolean needsAcknowledgements() {
        return qos > 0;
    }
}
