package io.meridianmq.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.meridianmq.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The command from its options to its exit code. */
@Timeout(240)
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class FleetTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Test
    void printsJsonEverySecondAndTheAccountAtTheEnd() {
        try (var broker = new ToyBroker((_, _, _) -> 1, false)) {
            var exitCode = fleet(
                    "--endpoint",
                    "local=" + broker.address(),
                    "--devices",
                    "5",
                    "--rate",
                    "50",
                    "--duration",
                    "4s",
                    "--grace",
                    "10s",
                    "--json");

            assertThat(exitCode).as(text(errors)).isZero();
            var lines = text(out).lines().map(JsonParser::parseString).toList();
            assertThat(lines).hasSizeGreaterThan(2);
            assertThat(lines.getFirst().getAsJsonObject().get("type").getAsString())
                    .isEqualTo("second");
            var account = lines.getLast().getAsJsonObject();
            assertThat(account.get("type").getAsString()).isEqualTo("account");
            assertThat(account.get("whole").getAsBoolean()).isTrue();
            assertThat(account.getAsJsonObject("published")
                            .getAsJsonObject("qos1")
                            .get("acknowledged")
                            .getAsInt())
                    .isBetween(59, 61);
            assertThat(account.getAsJsonObject("watchers").keySet()).containsExactly("local");
        }
    }

    @Test
    void lossIsExitCodeOne() {
        try (var broker = new ToyBroker((_, topic, qos) -> topic.endsWith("telemetry") && qos == 1 ? 0 : 1, false)) {
            var exitCode = fleet(
                    "--endpoint",
                    "local=" + broker.address(),
                    "--devices",
                    "5",
                    "--rate",
                    "50",
                    "--duration",
                    "1s",
                    "--grace",
                    "1s");

            assertThat(exitCode).isEqualTo(1);
            assertThat(text(out)).contains(" ACKNOWLEDGED MESSAGES WERE LOST");
        }
    }

    @Test
    void wrongOptionsAreNamed() {
        for (var wrong : List.of(
                List.of("--devices", "0"),
                List.of("--rate", "0"),
                List.of("--qos", "3"),
                List.of("--run", "a/b"),
                List.of("--endpoint", "x=y"),
                List.of("--duration", "soon"))) {
            var line = new ArrayList<>(List.of("--endpoint", "local=127.0.0.1:1"));
            line.addAll(wrong);
            assertThat(fleet(line.toArray(String[]::new))).as("%s", wrong).isEqualTo(2);
            assertThat(text(errors)).contains(wrong.getFirst());
        }
    }

    private int fleet(String... options) {
        var line = new ArrayList<>(List.of("fleet"));
        line.addAll(List.of(options));
        var outBefore = System.out;
        var errorsBefore = System.err;
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
            return Main.commandLine().execute(line.toArray(String[]::new));
        } finally {
            System.setOut(outBefore);
            System.setErr(errorsBefore);
        }
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
