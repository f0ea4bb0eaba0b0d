package io.meridianmq.cli.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code meridian bench stress}. */
@Command(
        name = "stress",
        header = "Put a broker under stress, and say whether it stood it.",
        description = {
            "Each test passes if no message was lost, repeated or overtaken and no connection broken.",
            "",
            "Tests:",
            "  buffer-pool  16 KB to 200 clients that do not read and 20 that do; then",
            "               pairs as if nothing had been",
            "  sustained    100 pairs at QoS 1 for a minute, whose last third is not",
            "               slower than 70% of the first",
            "  memory       10 pairs at QoS 1: 64 KB, 256 KB and nearly 1 MB",
            "  fan-out      1,000 messages to 5,000 subscribers",
            "  churn        200 clients that subscribe, unsubscribe, leave and come",
            "               again beside a stream of messages",
            "  mixed        pairs of each QoS, a fan-out and a shared subscription",
            "  concurrent   10 publishers, each 10,000 messages at QoS 1, to one"
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all tests passed",
            "1:one failed",
            "2:wrong usage",
            "3:the broker cannot be reached, or ended meanwhile"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  All tests on a broker here, with what they cost it:",
            "    ./meridian bench stress --pid $(pgrep -x mosquitto)",
            "  One, a tenth of its size:",
            "    ./meridian bench stress fan-out --scale 0.1"
        })
final class Stress implements Callable<Integer> {

    private static final double SCALE_MAX = 10;

    @picocli.CommandLine.Parameters(
            paramLabel = "TEST",
            defaultValue = "all",
            description = "One of the tests above, or all. Default: ${DEFAULT-VALUE}.")
    private String test = "";

    @Mixin
    private BrokerOptions broker = new BrokerOptions();

    @Option(
            names = "--scale",
            paramLabel = "X",
            defaultValue = "1",
            description =
                    "Share of the messages, clients and time, more than 0 and up to 10. Default: ${DEFAULT-VALUE}.")
    private double scale;

    @Option(names = "--json", description = "Print a JSON object on a line for each test.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        List<StressTest> tests;
        try {
            tests = StressTest.parse(test);
            // Asked here once, so that a wrong host is wrong usage.
            var _ = broker.second();
            if (!(scale > 0 && scale <= SCALE_MAX)) {
                throw new IllegalArgumentException("--scale must be more than 0 and up to 10 but was " + scale);
            }
        } catch (IllegalArgumentException e) {
            System.err.println("meridian: bench stress: " + e.getMessage());
            return ExitCode.USAGE;
        }
        try {
            var suite = new StressSuite(broker, scale, new Progress(System.err));
            var arePassed = true;
            for (var each : tests) {
                var outcome = suite.run(each);
                System.out.print(json ? outcome.json() : outcome.text());
                arePassed &= outcome.isPassed();
            }
            return arePassed ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (BenchFailedException e) {
            System.err.println("meridian: bench stress: " + e.getMessage());
            return Bench.NOTHING_MEASURED;
        }
    }
}
