package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.LatencySpread;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a run has shown. Messages and times are of the measurement, the checks of the whole run, warm-up included.
 *
 * <p>As JSON it is one object with these fields, in which what was not measured is left out:
 *
 * <pre>
 *   scenario                      string, such as "fan-in"
 *   parameters                    object: host, port, mqtt, qos, payloadBytes, publishers, subscribers, window, rate,
 *                                 messages, warmUpSeconds, durationSeconds, threads, seed
 *   sent, received                numbers: messages published, and deliveries: each subscriber's; of scenarios
 *                                 without messages, what they do: connects, subscriptions
 *   perSecond                     number: received in a second
 *   lost, duplicated, reordered   numbers: deliveries that were missing, repeated, or overtaken by a later one
 *   latency                       object: count, p50Micros, p90Micros, p99Micros, p999Micros, maxMicros
 *   brokerCpuMicrosPerDelivery    number, with --pid
 *   brokerRssMb                   number, with --pid: in millions of bytes, at the end of the measurement
 *   generatorCpuMicrosPerDelivery number: what this program itself has used
 *   seconds                       number: how long was measured
 *   figures                       object of numbers: what else the scenario shows
 *   failures                      array of strings: the checks that failed; empty if none
 * </pre>
 *
 * @param figures by name, with their units
 */
record Result(
        Parameters parameters,
        long sent,
        long received,
        long lost,
        long duplicated,
        long reordered,
        LatencySpread latency,
        OptionalDouble brokerCpuMicrosPerDelivery,
        OptionalDouble brokerRssMb,
        OptionalDouble generatorCpuMicrosPerDelivery,
        double seconds,
        Map<String, Double> figures,
        List<String> failures) {

    Result {
        failures = List.copyOf(failures);
    }

    double perSecond() {
        return seconds == 0 ? 0 : received / seconds;
    }

    /** Whether all checks passed. */
    boolean isSound() {
        return failures.isEmpty();
    }
}
