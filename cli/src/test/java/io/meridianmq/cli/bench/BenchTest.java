package io.meridianmq.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.meridianmq.cli.load.ToyBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

/** The command against a broker that makes mistakes. */
@Timeout(240)
@ResourceLock(Resources.SYSTEM_OUT)
class BenchTest {

    private static final ToyBroker.Fault NONE = (_, _, _) -> 1;

    private record Ended(int exitCode, JsonObject json) {}

    @Test
    void brokerWithoutMistakesPasses() {
        try (var broker = new ToyBroker(NONE, false)) {
            for (var scenario : List.of("fan-in", "fan-out", "pairs")) {
                for (var qos = 0; qos <= 2; qos++) {
                    var ended = bench(
                            broker,
                            scenario,
                            "--messages",
                            "200",
                            "--publishers",
                            publishers(scenario),
                            "--subscribers",
                            subscribers(scenario),
                            "--qos",
                            "" + qos,
                            "--mqtt",
                            "5",
                            "--threads",
                            "2");

                    assertThat(ended.exitCode).as(ended.json.toString()).isZero();
                    assertThat(ended.json.get("received").getAsLong()).isEqualTo(200 * 4);
                    assertThat(ended.json
                                    .getAsJsonObject("latency")
                                    .get("count")
                                    .getAsLong())
                            .isEqualTo(200 * 4);
                }
            }
        }
    }

    private static String publishers(String scenario) {
        return scenario.equals("fan-out") ? "1" : "4";
    }

    private static String subscribers(String scenario) {
        return scenario.equals("fan-in") ? "1" : "4";
    }

    @Test
    void lossAndRepetitionAreFoundAndCounted() {
        var count = new AtomicInteger();
        ToyBroker.Fault fault = (_, _, _) -> switch (count.incrementAndGet() % 100) {
            case 50 -> 0;
            case 75 -> 2;
            default -> 1;
        };
        try (var broker = new ToyBroker(fault, false)) {
            var ended = bench(broker, "fan-in", "--messages", "500", "--publishers", "2", "--rate", "20000");

            assertThat(ended.exitCode).isEqualTo(1);
            assertThat(ended.json.get("sent").getAsLong()).isEqualTo(1_000);
            assertThat(ended.json.get("lost").getAsLong()).isEqualTo(10);
            assertThat(ended.json.get("duplicated").getAsLong()).isEqualTo(10);
            assertThat(ended.json.getAsJsonArray("failures")).hasSize(2);
        }
    }

    @Test
    void lostMessageDoesNotStopAClosedLoop() {
        var count = new AtomicInteger();
        ToyBroker.Fault fault = (_, _, _) -> count.incrementAndGet() == 20 ? 0 : 1;
        try (var broker = new ToyBroker(fault, false)) {
            var ended = bench(broker, "pairs", "--messages", "100", "--publishers", "1", "--window", "1");

            assertThat(ended.exitCode).isEqualTo(1);
            assertThat(ended.json.get("sent").getAsLong()).isEqualTo(100);
            assertThat(ended.json.get("lost").getAsLong()).isEqualTo(1);
        }
    }

    @Test
    void messagesThatMissANewSubscriptionAreCounted() {
        var count = new AtomicInteger();
        ToyBroker.Fault fault = (_, _, _) -> count.incrementAndGet() % 3;
        try (var broker = new ToyBroker(fault, false)) {
            var ended = bench(broker, "reach", "--publishers", "1", "--warm-up", "0s", "--duration", "1s");

            assertThat(ended.exitCode).as(ended.json.toString()).isZero();
            var figures = ended.json.getAsJsonObject("figures");
            assertThat(ended.json.get("received").getAsLong()).isPositive();
            assertThat(figures.get("missedAfterSuback").getAsLong()).isPositive();
            assertThat(figures.get("subackP99Micros").getAsDouble()).isPositive();

            var paced =
                    bench(broker, "reach", "--publishers", "2", "--rate", "20", "--warm-up", "0s", "--duration", "4s");
            assertThat(paced.json.get("received").getAsLong()).isBetween(40L, 81L);
        }
    }

    @Test
    void brokerThatIsNotThereIsSaid() {
        assertThat(new CommandLine(new Bench()).execute("pairs", "--port", "1")).isEqualTo(3);
    }

    @Test
    void wrongUsageIsSaid() {
        assertThat(new CommandLine(new Bench()).execute("nothing")).isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute()).isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute("pairs", "--payload-bytes", "15"))
                .isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute("pairs", "--publishers", "2", "--subscribers", "3"))
                .isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute("idle", "--rate", "2")).isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute("idle", "--durable", "--mqtt", "5"))
                .isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute("pairs", "--durable")).isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute("pairs", "--ca", "/nowhere"))
                .isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute("stress", "nothing")).isEqualTo(2);
        assertThat(new CommandLine(new Bench()).execute("stress", "--scale", "0"))
                .isEqualTo(2);
    }

    private static Ended bench(ToyBroker broker, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--port", "" + broker.address().port(), "--json"));
        var before = System.out;
        var output = new ByteArrayOutputStream();
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        try {
            var exitCode = new CommandLine(new Bench()).execute(all.toArray(String[]::new));
            return new Ended(
                    exitCode,
                    JsonParser.parseString(output.toString(StandardCharsets.UTF_8))
                            .getAsJsonObject());
        } finally {
            System.setOut(before);
        }
    }
}
