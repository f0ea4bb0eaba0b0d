package io.meridianmq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

    @Test
    void everyCommandHasAHeaderExamplesAndExitCodes() {
        for (var command : Main.commandLine().getSubcommands().values()) {
            var help = command.getUsageMessage();
            assertThat(command.getCommandSpec().usageMessage().header())
                    .as(command.getCommandName())
                    .isNotEmpty();
            assertThat(help).contains("Examples:", "./meridian " + command.getCommandName(), "Exit codes:");
            // A longer one would be wrapped, and could not be copied.
            assertThat(command.getCommandSpec().usageMessage().footer()).allMatch(line -> line.length() < 80);
            assertThat(command.getSubcommands().values())
                    .allSatisfy(below -> assertThat(
                                    below.getCommandSpec().usageMessage().header())
                            .isNotEmpty())
                    .allSatisfy(below -> assertThat(below.getUsageMessage()).contains("Exit codes:"));
        }
    }

    @Test
    void wrongUsageExitsWith2() {
        assertThat(List.of(
                        execute("up", "--zones", "many").exitCode(),
                        execute("up", "--zones", "0").exitCode(),
                        execute("up", "--regions", "US").exitCode(),
                        execute("up", "--debug", "us-east/c/1=5005").exitCode(),
                        execute("up", "--etcd-region", "mars=127.0.0.1:2379").exitCode(),
                        execute("pub", "-m", "no topic").exitCode(),
                        execute("pub", "-t", "a/#", "-m", "wildcard").exitCode(),
                        execute("pub", "-t", "a", "-q", "3", "-m", "x").exitCode(),
                        execute("pub", "-t", "a", "-D", "novalue", "-m", "x").exitCode(),
                        execute("pub", "-t", "a", "-m", "x", "-f", "y").exitCode(),
                        execute("sub", "-t", "a/#/b").exitCode(),
                        execute("sub", "-t", "a", "--session-expiry", "10").exitCode(),
                        execute("explain", "plant/7/temp").exitCode(),
                        execute("explain", "--from", "us-east/a/1").exitCode(),
                        execute("explain", "a", "--from", "us-east/a/1", "--qos", "3")
                                .exitCode(),
                        execute("topology", "--admin", "20003").exitCode(),
                        execute("topics").exitCode(),
                        execute("topics", "add").exitCode(),
                        execute("config", "put", "no assignment").exitCode(),
                        execute("fly").exitCode(),
                        execute().exitCode()))
                .containsOnly(CommandLine.ExitCode.USAGE);
    }

    @Test
    void withoutACommandTheHelpIsShown() {
        assertThat(execute().err()).contains("Commands:", "up", "broker", "./meridian COMMAND --help");
    }

    private record Outcome(int exitCode, String err) {}

    private static Outcome execute(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        if (!line.isEmpty() && List.of("up").contains(line.getFirst())) {
            line.addAll(List.of("--data", System.getProperty("java.io.tmpdir") + "/meridian-no-such-folder"));
        }
        var err = new StringWriter();
        var exitCode = Main.commandLine().setErr(new PrintWriter(err, true)).execute(line.toArray(String[]::new));
        return new Outcome(exitCode, err.toString());
    }
}
