package io.meridianmq.cli.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code meridian bench}. */
@Command(
        name = "bench",
        header = "Measure a broker: throughput, latency, processor time and memory.",
        description = {
            "Works with any MQTT broker. In a closed loop (the default) each publisher has at most --window messages "
                    + "outstanding: sent, and not yet received by all of the scenario's subscribers that read (so in fan-out "
                    + "by the slowest), or at QoS 1 and 2 not yet acknowledged. With --rate messages are sent when they are "
                    + "due, and latencies count from then.",
            "Every run checks that nothing was lost, repeated or overtaken.",
            "",
            "Scenarios, each with its defaults:",
            "  fan-in          many publishers, one subscriber: 50, 1; window 16",
            "  fan-out         one publisher, many subscribers: 1, 1,000; window 8",
            "  pairs           each publisher has its subscriber: 100; window 16",
            "  shared          a group that shares a subscription: 10, 10; window 16",
            "  retained        messages put, replaced and looked up with a wildcard",
            "                  by 10 subscribers again and again",
            "  connect-storm   connects; of more than --connections clients the",
            "                  oldest leave; window 100: attempts under way",
            "  idle            what clients cost that do nothing; 500 more are",
            "                  there before",
            "  churn           100 subscribers that subscribe, unsubscribe, leave and",
            "                  come again, beside 10 pairs with 1,000 messages/s",
            "  slow-consumers  fan-out to 100 beside some that do not read; window 8",
            "  cross-region    pairs, the subscribers at another broker: 10; window 4",
            "  reach           subscriptions at another broker, until a message reaches",
            "                  them: 10 at a time",
            "",
            "Received are messages of all subscribers; in connect-storm and idle connects, in churn and reach subscriptions. In idle "
                    + "--warm-up is how long clients are left alone before the memory is looked at."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = Stress.class,
        synopsisSubcommandLabel = "[stress]",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all checks passed",
            "1:messages were lost, repeated or overtaken, or connections were broken",
            "2:wrong usage",
            "3:nothing could be measured: the broker cannot be reached, or refuses clients"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  How much a broker can do, and what that costs it:",
            "    ./meridian bench fan-in --pid $(pgrep -x mosquitto)",
            "  Latency at 2,000 messages a second:",
            "    ./meridian bench pairs --qos 1 --rate 2000 --duration 30s",
            "  For a script:",
            "    ./meridian bench fan-out --subscribers 5000 --json | jq .perSecond",
            "  Memory of a connection:",
            "    ./meridian bench idle --connections 15000 --pid $(pgrep -x mosquitto)"
        })
public final class Bench implements Callable<Integer> {

    static final int NOTHING_MEASURED = 3;

    @picocli.CommandLine.Parameters(
            paramLabel = "SCENARIO",
            arity = "0..1",
            description = "What to measure: see above.")
    private String scenario = "";

    @Mixin
    private BrokerOptions broker = new BrokerOptions();

    @Mixin
    private ScenarioOptions options = new ScenarioOptions();

    @Option(names = "--json", description = "Print the result as a JSON object on one line.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Parameters parameters;
        try {
            parameters = options.parameters(Scenario.parse(scenario), broker);
        } catch (IllegalArgumentException e) {
            System.err.println("meridian: bench: " + e.getMessage());
            return ExitCode.USAGE;
        }
        try {
            var result = run(parameters, new Progress(System.err));
            System.out.print(json ? ResultJson.of(result) + "\n" : ResultText.of(result));
            return result.isSound() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (BenchFailedException e) {
            System.err.println("meridian: bench: " + e.getMessage());
            return NOTHING_MEASURED;
        }
    }

    /**
     * Runs one scenario.
     *
     * @throws BenchFailedException if nothing could be measured
     */
    static Result run(Parameters parameters, Progress progress) throws InterruptedException {
        return switch (parameters.scenario()) {
            case FAN_IN, FAN_OUT, PAIRS, SHARED, SLOW_CONSUMERS, CROSS_REGION ->
                new TrafficRun(Layout.of(parameters), parameters, progress).run();
            case RETAINED -> new RetainedRun(parameters, progress).run();
            case CONNECT_STORM -> new ConnectStorm(parameters, progress).run();
            case IDLE -> new Idle(parameters, progress).run();
            case REACH -> new Reach(parameters, progress).run();
            case CHURN -> new Churn(parameters, progress).run();
        };
    }
}
