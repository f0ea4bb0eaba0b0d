package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ExitCode;

class SimulateTest {

    @Test
    void seedsThatHoldExitWith0() {
        var outcome = simulate("--seeds", "2", "--zones", "1", "--nodes", "2");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out()).contains("seeds 1 to 2 held", "publications");
    }

    @Test
    void aSeedThatDoesNotHoldExitsWith1AndSaysHowToRunItAgain() {
        var outcome = simulate("--seeds", "1000", "--bug", "DROP_A_RESEND", "--regions", "1");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.SOFTWARE);
        assertThat(outcome.out()).contains("did not hold", "no-miss: ", "--bug DROP_A_RESEND --regions 1 --zones 2");
    }

    @Test
    void jsonHasEveryViolation() {
        var outcome = simulate("--seeds", "1000", "--bug", "DROP_A_RESEND", "--json");
        var report = JsonParser.parseString(outcome.out()).getAsJsonObject();
        assertThat(report.get("held").getAsBoolean()).isFalse();
        assertThat(report.get("again").getAsString())
                .isEqualTo("./meridian simulate --seed " + report.get("lastSeed") + " --bug DROP_A_RESEND");
        assertThat(report.getAsJsonArray("violations"))
                .isNotEmpty()
                .allSatisfy(violation ->
                        assertThat(violation.getAsJsonObject().keySet()).containsExactly("invariant", "what"));
    }

    @Test
    void platformsOfNoSizeAreWrongUsage() {
        assertThat(simulate("--regions", "0").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(simulate("--nodes", "0").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(simulate("--seeds", "0").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(simulate("--bug", "MOTH").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void slotsOfAZoneAreSimulatedByThemselves() {
        var outcome = simulate("slots", "--seeds", "2", "--nodes", "3");
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out()).contains("seeds 1 to 2 held", "things done");
    }

    @Test
    void aSeedOfSlotsThatDoesNotHoldSaysHowToRunItAgain() {
        var outcome = simulate("slots", "--seeds", "200", "--bug", "COPY_COMPLETE_AT_ONCE", "--json");
        var report = JsonParser.parseString(outcome.out()).getAsJsonObject();
        assertThat(outcome.exitCode()).isEqualTo(ExitCode.SOFTWARE);
        assertThat(report.get("again").getAsString())
                .isEqualTo("./meridian simulate slots --seed " + report.get("lastSeed")
                        + " --nodes 4 --bug COPY_COMPLETE_AT_ONCE");
        assertThat(report.getAsJsonArray("violations")).isNotEmpty();
    }

    @Test
    void zonesOfNoNodesAreWrongUsage() {
        assertThat(simulate("slots", "--nodes", "0").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(simulate("slots", "--seeds", "0").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    private record Outcome(int exitCode, String out) {}

    private static Outcome simulate(String... options) {
        var out = new StringWriter();
        var arguments = new String[options.length + 1];
        arguments[0] = "simulate";
        System.arraycopy(options, 0, arguments, 1, options.length);
        var exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter(), true))
                .execute(arguments);
        return new Outcome(exitCode, out.toString());
    }
}
