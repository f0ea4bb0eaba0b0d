package io.meridianmq.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every scenario of {@code meridian bench}, small, against a broker that looks for leaked buffers. */
@Tag("server")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenchTest {

    private final StandaloneBroker broker;

    BenchTest(@TempDir Path folder) throws IOException {
        broker = StandaloneBroker.start(folder, List.of(), "-Dio.netty.leakDetection.level=paranoid");
    }

    @AfterAll
    void stop() throws IOException {
        broker.close();
        assertThat(broker.log()).doesNotContain("LEAK");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fan-in --mqtt 5 --qos 2 --publishers 5",
                "fan-out --qos 1 --subscribers 20",
                "pairs --publishers 5 --rate 500",
                "shared --qos 1",
                "retained --topics 300",
                "connect-storm --connections 50 --window 10",
                "idle --connections 100",
                "churn --subscribers 10",
                "slow-consumers --subscribers 5 --slow 3 --payload-bytes 10000",
                "cross-region --publishers 3",
            })
    void scenarioPassesItsChecks(String scenario) throws IOException, InterruptedException {
        var arguments = new ArrayList<>(List.of(scenario.split(" ", -1)));
        arguments.addAll(List.of("--warm-up", "100ms", "--duration", "400ms", "--json"));

        var ended = bench(arguments);

        assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
        var result = JsonParser.parseString(ended.output()).getAsJsonObject();
        assertThat(result.get("received").getAsLong()).isPositive();
        assertThat(result.get("lost").getAsLong()).isZero();
        assertThat(result.getAsJsonObject("latency").get("count").getAsLong()).isPositive();
        assertThat(result.get("brokerRssMb").getAsDouble()).isPositive();
        assertThat(result.getAsJsonArray("failures")).isEmpty();
    }

    @Test
    void stressSuitePasses() throws IOException, InterruptedException {
        var ended = bench(new ArrayList<>(List.of("stress", "all", "--scale", "0.01")));

        assertThat(ended.exitCode()).as(ended.output() + ended.errors()).isZero();
        assertThat(ended.output().lines().filter(line -> line.startsWith("PASS")))
                .hasSize(7);
    }

    private CommandLine.Ended bench(List<String> arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("bench"));
        command.addAll(arguments);
        command.addAll(List.of(
                "--port", String.valueOf(broker.address().getPort()), "--pid", String.valueOf(broker.processId())));
        return CommandLine.meridian(command);
    }
}
