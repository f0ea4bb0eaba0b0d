package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.ProtocolVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs {@link StressTest}s against a broker. */
final class StressSuite {

    /** The largest payload: with its topic it is still below a limit of a million bytes. */
    private static final int LARGEST = 999_000;

    private static final List<Integer> LARGE = List.of(64 * 1_024, 256 * 1_024, LARGEST);

    /** The last part of a long run may be so much slower than the first. */
    private static final double SLOWER = 0.7;

    /** Shorter parts are not compared: they differ by chance. */
    private static final double COMPARED_SECONDS_MIN = 5;

    private static final int PARTS = 3;
    private static final int SMALL = 256;
    private static final int LATEST_SECONDS = 600;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double MILLIS_MIN = 200;

    private final BrokerOptions broker;
    private final double scale;
    private final Progress progress;

    /** @param scale 1 for the whole tests; less for less messages, clients and time */
    StressSuite(BrokerOptions broker, double scale, Progress progress) {
        this.broker = broker;
        this.scale = scale;
        this.progress = progress;
    }

    /**
     * Runs one.
     *
     * @throws BenchFailedException if the broker cannot be reached, or is not there any more
     */
    StressOutcome run(StressTest test) throws InterruptedException {
        progress.say("stress test " + test);
        var results = new ArrayList<Result>();
        for (var parameters : parts(test)) {
            results.add(test == StressTest.MIXED ? mixed(parameters) : Bench.run(parameters, progress));
        }
        var failures = new ArrayList<String>();
        results.forEach(each -> failures.addAll(each.failures()));
        if (test == StressTest.SUSTAINED) {
            failures.addAll(slower(results));
        }
        return new StressOutcome(test, results, failures);
    }

    /** The runs of a test, one after the other. */
    private List<Parameters> parts(StressTest test) {
        return switch (test) {
            case BUFFER_POOL ->
                List.of(
                        timed(Scenario.SLOW_CONSUMERS, 0, 16 * 1_024, 1, count(20), 64, 20),
                        timed(Scenario.PAIRS, 1, SMALL, count(100), count(100), 16, 5));
            case SUSTAINED -> {
                var part = timed(Scenario.PAIRS, 1, SMALL, count(100), count(100), 16, 20);
                yield Collections.nCopies(PARTS, part);
            }
            case MEMORY ->
                LARGE.stream()
                        .map(bytes -> timed(Scenario.PAIRS, 1, bytes, count(10), count(10), 4, 10))
                        .toList();
            case FAN_OUT -> List.of(counted(Scenario.FAN_OUT, 0, 1, count(5_000), 8, count(1_000)));
            case CHURN -> List.of(timed(Scenario.CHURN, 0, SMALL, count(10), count(200), 16, 20));
            case MIXED -> List.of(timed(Scenario.PAIRS, 0, SMALL, count(20), count(20), 4, 30));
            case CONCURRENT -> List.of(counted(Scenario.FAN_IN, 1, 10, 1, 100, count(10_000)));
        };
    }

    private Result mixed(Parameters parameters) throws InterruptedException {
        var layout = Layout.mixed(parameters, parameters.publishers(), count(100));
        return new TrafficRun(layout, parameters, progress).run();
    }

    private static List<String> slower(List<Result> parts) {
        var first = parts.getFirst();
        var last = parts.getLast();
        return last.seconds() >= COMPARED_SECONDS_MIN && last.perSecond() < SLOWER * first.perSecond()
                ? List.of("it became slower: %,.0f/s at first, %,.0f/s in the end"
                        .formatted(first.perSecond(), last.perSecond()))
                : List.of();
    }

    private int count(int whole) {
        return (int) Math.max(1, Math.round(whole * scale));
    }

    private Duration scaled(int seconds) {
        return Duration.ofMillis((long) Math.max(MILLIS_MIN, seconds * scale * MILLIS_PER_SECOND));
    }

    private Parameters timed(
            Scenario scenario, int qos, int payloadBytes, int publishers, int subscribers, int window, int seconds) {
        var duration = scaled(seconds);
        return parameters(scenario, qos, payloadBytes, publishers, subscribers, window, 0, duration);
    }

    private Parameters counted(Scenario scenario, int qos, int publishers, int subscribers, int window, int messages) {
        var latest = Duration.ofSeconds(LATEST_SECONDS);
        return parameters(scenario, qos, SMALL, publishers, subscribers, window, messages, latest);
    }

    private Parameters parameters(
            Scenario scenario,
            int qos,
            int payloadBytes,
            int publishers,
            int subscribers,
            int window,
            long messages,
            Duration duration) {
        return new Parameters(
                scenario,
                broker.broker(),
                broker.second(),
                broker.transport(),
                ProtocolVersion.V3_1_1,
                qos,
                payloadBytes,
                publishers,
                subscribers,
                window,
                scenario == Scenario.CHURN ? Churn.RATE_DEFAULT : 0,
                messages,
                1,
                1,
                scenario == Scenario.SLOW_CONSUMERS ? count(200) : 0,
                false,
                scaled(1),
                duration,
                broker.threads(),
                broker.process(),
                1,
                BrokerOptions.randomRun());
    }
}
