package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.wire.ProtocolVersion;
import io.meridianmq.cli.platform.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code meridian bench} that say how a scenario is run. */
final class ScenarioOptions {

    @Option(
            names = "--mqtt",
            paramLabel = "VERSION",
            defaultValue = "3.1.1",
            description = "3.1.1 or 5. Default: ${DEFAULT-VALUE}.")
    private String mqtt = "";

    @Option(
            names = "--qos",
            paramLabel = "N",
            defaultValue = "0",
            description = "0, 1 or 2. Default: ${DEFAULT-VALUE}.")
    private int qos;

    @Option(
            names = "--payload-bytes",
            paramLabel = "N",
            defaultValue = "256",
            description = "Of each message, 16 at least. Default: ${DEFAULT-VALUE}.")
    private int payloadBytes;

    @Option(names = "--publishers", paramLabel = "N", description = "Default: the scenario's.")
    private @Nullable Integer publishers;

    @Option(names = "--subscribers", paramLabel = "N", description = "Default: the scenario's.")
    private @Nullable Integer subscribers;

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "Messages that a publisher may have outstanding. Default: the scenario's.")
    private @Nullable Integer window;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "0",
            description =
                    "Messages a second, all publishers together; of reach, subscriptions. Default: as many as the window allows.")
    private double rate;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "How many each publisher sends, at most, without a warm-up. Default: until --duration is over.")
    private long messages;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Of connect-storm and idle. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--topics",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Of retained. Default: ${DEFAULT-VALUE}.")
    private int topics;

    @Option(
            names = "--slow",
            paramLabel = "N",
            defaultValue = "10",
            description = "Subscribers of slow-consumers that do not read. Default: ${DEFAULT-VALUE}.")
    private int slow;

    @Option(
            names = "--durable",
            description = "The sessions of subscribers outlive their connections, until the run ends; needs --mqtt 5.")
    private boolean durable;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "Before the measurement begins. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "Of the measurement. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the random payloads. Default: ${DEFAULT-VALUE}.")
    private long seed;

    /** @throws IllegalArgumentException if one is wrong, or does not go with another */
    Parameters parameters(Scenario scenario, BrokerOptions broker) {
        var pairs = publishers != null ? publishers : subscribers;
        return new Parameters(
                scenario,
                broker.broker(),
                broker.second(),
                broker.transport(),
                version(),
                qos,
                payloadBytes,
                orElse(scenario.isPaired() ? pairs : publishers, scenario.publishers()),
                orElse(subscribers == null && scenario.isPaired() ? pairs : subscribers, scenario.subscribers()),
                orElse(window, scenario.window()),
                scenario == Scenario.CHURN && rate == 0 ? Churn.RATE_DEFAULT : rate,
                messages,
                connections,
                topics,
                scenario == Scenario.SLOW_CONSUMERS ? slow : 0,
                durable,
                warmUp,
                duration,
                broker.threads(),
                broker.process(),
                seed,
                BrokerOptions.randomRun());
    }

    private ProtocolVersion version() {
        try {
            return ProtocolVersion.parse(mqtt);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--mqtt: " + e.getMessage(), e);
        }
    }

    private static int orElse(@Nullable Integer given, int fallback) {
        return given == null ? fallback : given;
    }
}
