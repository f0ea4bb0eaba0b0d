package io.meridianmq.cli.load;

import io.meridianmq.cli.platform.DurationConverter;
import io.meridianmq.cli.platform.EndpointOption;
import java.io.Console;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code meridian fleet}. */
@Command(
        name = "fleet",
        header = "Simulate a fleet of devices, and keep account of every message.",
        description = {
            "Devices in all regions publish telemetry at a steady rate. In each region a watcher is subscribed to the "
                    + "telemetry of all regions, and a commander sends commands to devices of others, which reply.",
            "Shows rates and latencies once a second. A latency counts from when the message was due, so that one that had "
                    + "to wait is not forgotten. Until --duration or Ctrl-C; then it waits for what is on its way, and says "
                    + "exactly what was lost: of QoS 1 and 2 what was acknowledged and did not come, of QoS 0 what was sent "
                    + "and did not come, with the times."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing that was acknowledged was lost, and QoS 2 messages came once; after Ctrl-C as well",
            "1:something was",
            "2:wrong usage",
            "3:the fleet could not connect"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  2,000 devices on the platform that \"up\" has started, until Ctrl-C:",
            "    ./meridian fleet --devices 2000 --rate 2000",
            "  A minute, half of it at QoS 1, a tenth at QoS 2, for a script:",
            "    ./meridian fleet --duration 1m --qos 40/50/10 --json | tail -1 | jq .whole",
            "  On a broker of one's own:",
            "    ./meridian fleet --endpoint local=127.0.0.1:1883 --devices 100 --rate 50"
        })
public final class Fleet implements Callable<Integer> {

    private static final int COULD_NOT_CONNECT = 3;
    private static final int RUN_DIGITS = 4;
    private static final int RUN_RADIX = 36;
    private static final Duration FOREVER = Duration.ofDays(3650);

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "200",
            description = "How many, spread over the regions. Default: ${DEFAULT-VALUE}.")
    private int devices;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Messages a second, all devices together. Default: one for each device.")
    private @Nullable Double rate;

    @Option(
            names = "--qos",
            paramLabel = "SHARES",
            defaultValue = "70/30",
            description = "0, 1 or 2; or the shares of QoS 0, 1 and 2. Default: ${DEFAULT-VALUE}.")
    private String qos = "";

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long messages are published, such as 60s or 5m. Default: until Ctrl-C.")
    private Duration duration = FOREVER;

    @Mixin
    private EndpointOption endpoints = new EndpointOption();

    @Option(
            names = "--command-rate",
            paramLabel = "R",
            defaultValue = "10",
            description = "Commands a second, all regions together. Default: ${DEFAULT-VALUE}; 0 for none.")
    private double commandRate;

    @Option(
            names = "--connect-rate",
            paramLabel = "R",
            defaultValue = "500",
            description = "Devices that connect in a second. Default: ${DEFAULT-VALUE}.")
    private double connectRate;

    @Option(
            names = "--keep-alive",
            paramLabel = "SECONDS",
            defaultValue = "15",
            description = "Of the devices. Default: ${DEFAULT-VALUE}.")
    private int keepAliveSeconds;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description =
                    "How long an acknowledged message may be on its way until it counts as lost; one that comes after "
                            + "all does not any more. Default: ${DEFAULT-VALUE}.")
    private Duration grace = Duration.ZERO;

    @Option(
            names = "--run",
            paramLabel = "NAME",
            description = "Name of this run, in client identifiers and topics: letters and digits. Default: random.")
    private @Nullable String run;

    @Option(names = "--json", description = "Print a JSON object on a line once a second, and one for the account.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        FleetSettings settings;
        try {
            settings = settings();
        } catch (IllegalArgumentException e) {
            System.err.println("meridian: fleet: " + e.getMessage());
            return ExitCode.USAGE;
        }
        try (var fleet = new FleetRun(settings)) {
            return run(fleet, settings);
        }
    }

    private FleetSettings settings() {
        return new FleetSettings(
                new Topics(run == null ? randomRun() : requireName(run)),
                endpoints.endpoints().entrySet().stream()
                        .map(each -> new Endpoint(each.getKey(), each.getValue()))
                        .toList(),
                devices,
                rate == null ? devices : rate,
                mix(),
                commandRate,
                connectRate,
                keepAliveSeconds,
                duration,
                grace);
    }

    private QosMix mix() {
        try {
            return QosMix.parse(qos);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--qos \"" + qos + "\" " + e.getMessage(), e);
        }
    }

    private static String requireName(String name) {
        if (!name.matches("[A-Za-z0-9-]{1,32}")) {
            throw new IllegalArgumentException("--run \"" + name + "\": use 1 to 32 letters, digits and hyphens");
        }
        return name;
    }

    private static String randomRun() {
        var number = RandomGenerator.getDefault().nextLong(Math.powExact((long) RUN_RADIX, RUN_DIGITS));
        var digits = Long.toString(number, RUN_RADIX);
        return "0".repeat(RUN_DIGITS - digits.length()) + digits;
    }

    private int run(FleetRun fleet, FleetSettings settings) throws InterruptedException {
        var isOver = new CountDownLatch(1);
        var exitCode = new AtomicInteger(ExitCode.SOFTWARE);
        // The JVM exits with 130 after Ctrl-C, whatever its hooks do; halting says what really happened.
        var onSignal = new Thread(
                () -> {
                    fleet.stop();
                    if (isOver(isOver, settings)) {
                        Runtime.getRuntime().halt(exitCode.get());
                    }
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        var view = view(settings);
        fleet.start();
        try {
            var last = showUntilItEnds(fleet, view);
            var account = new Account(
                    settings,
                    fleet.clock(),
                    last,
                    fleet.inRegion(),
                    fleet.acrossRegions(),
                    fleet.roundTrip(),
                    processorShare(fleet.clock()));
            view.show(account);
            exitCode.set(account.isWhole() ? ExitCode.OK : ExitCode.SOFTWARE);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof FleetFailedException failed)) {
                throw new IllegalStateException("the fleet ended by itself", e.getCause());
            }
            System.err.println("meridian: fleet: " + failed.getMessage());
            exitCode.set(COULD_NOT_CONNECT);
        }
        isOver.countDown();
        removeHook(onSignal);
        return exitCode.get();
    }

    private FleetView view(FleetSettings settings) {
        if (json) {
            return new JsonView(System.out);
        }
        var isTerminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
        return isTerminal ? new LiveView(settings, System.out) : new LinesView(settings, System.out);
    }

    private static Figures showUntilItEnds(FleetRun fleet, FleetView view)
            throws InterruptedException, ExecutionException {
        while (true) {
            try {
                return fleet.ended().get(1, TimeUnit.SECONDS);
            } catch (TimeoutException _) {
                view.show(fleet.figures());
            }
        }
    }

    /** Of this process, since the run began. */
    private static double processorShare(RunClock clock) {
        var used = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return used.toNanos() / (double) Math.max(1, System.nanoTime() - clock.startNanos());
    }

    private static boolean isOver(CountDownLatch isOver, FleetSettings settings) {
        try {
            // What is on its way is waited for at most for the grace time and a watcher's keep-alive.
            return isOver.await(settings.grace().toSeconds() + 20, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            // Nobody interrupts a shutdown hook; then the JVM ends as it would without it.
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // Ctrl-C: the hook is running, and ends the process.
        }
    }
}
