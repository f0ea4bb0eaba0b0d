package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.Component.Etcd;
import io.meridianmq.cli.platform.Component.GlobalControl;
import io.meridianmq.cli.platform.Component.LoadBalancer;
import io.meridianmq.cli.platform.PlatformState.Started;
import io.meridianmq.cli.platform.Programs.Program;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.TimeSpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code meridian up}. */
@Command(
        name = "up",
        header = "Start a platform of regions, zones and nodes on this machine.",
        description = {
            "Starts each part as a process of its own on 127.0.0.1: an etcd for global-control and one for each region, "
                    + "global-control, region gateways, zone gateways, nodes, and for each region an HAProxy where devices "
                    + "connect. Stays in the foreground; Ctrl-C stops every process it started and only those. A process "
                    + "that ends by itself later is started again: after a second, then after 2, 4, ... 30 seconds while "
                    + "it keeps ending within a minute.",
            "The same data folder continues with the same data and, unless told otherwise, the same regions, zones, "
                    + "nodes and ports."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ready (--detach), or every process has ended (--no-restart)",
            "1:it could not be started; nothing is left running",
            "2:wrong usage",
            "130:stopped with Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Two regions with two zones of two nodes, in the foreground:",
            "    ./meridian up",
            "  Three regions with bigger zones, in the background:",
            "    ./meridian up --regions us-east,eu-west,ap-south --nodes 3 --detach",
            "  Regions as far apart as New York and Frankfurt:",
            "    ./meridian up --wan-delay 40ms",
            "  A debugger may attach to one node:",
            "    ./meridian up --debug us-east/a/1=5005",
            "  On a machine of few processors:",
            "    ./meridian up --java-opts -XX:TieredStopAtLevel=1",
            "  With an etcd that runs already:",
            "    ./meridian up --regions eu --etcd-global db:2379 --etcd-region eu=db:2379"
        })
public final class Up implements Callable<Integer> {

    @Option(
            names = "--regions",
            split = ",",
            paramLabel = "NAME",
            description = "Names of the regions. Default: us-east,eu-west.")
    private @Nullable List<String> regions;

    @Option(names = "--zones", paramLabel = "N", description = "Zones in each region, named a, b, ... Default: 2.")
    private @Nullable Integer zones;

    @Option(names = "--nodes", paramLabel = "N", description = "Nodes in each zone, named 1, 2, ... Default: 2.")
    private @Nullable Integer nodes;

    @Option(
            names = "--client-port",
            paramLabel = "PORT",
            description =
                    "Where devices connect in the first region; the others follow in steps of 1000. Default: 1883.")
    private @Nullable Integer clientPort;

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            description = "First of the ports that the processes use among themselves, 1000 a region. Default: 20000.")
    private @Nullable Integer basePort;

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--detach",
            description = "Return when the platform is ready, and stay in the background as a process of its own.")
    private boolean detach;

    @Option(names = "--is-background", hidden = true, description = "This is the process that --detach leaves.")
    private boolean isBackground;

    @Option(names = "--no-restart", description = "Leave processes that end by themselves alone.")
    private boolean noRestart;

    @Option(
            names = "--etcd-global",
            paramLabel = "HOST:PORT",
            description = "Use this etcd for the whole platform instead of starting one.")
    private @Nullable String etcdGlobal;

    @Option(
            names = "--etcd-region",
            paramLabel = "REGION=HOST:PORT",
            description = "Use this etcd for the region instead of starting one. May be repeated.")
    private Map<String, String> etcdRegions = Map.of();

    @Option(
            names = "--debug",
            paramLabel = "PLACE=PORT",
            description = "Let a Java debugger attach to the process of this place. May be repeated.")
    private Map<String, Integer> debugPorts = Map.of();

    @Option(
            names = "--java-opts",
            split = " +",
            paramLabel = "FLAGS",
            description =
                    "Further flags for the JVMs of all processes, such as -XX:TieredStopAtLevel=1: they compile sooner and "
                            + "with less effort, which is faster where more of them than processors start at once.")
    private List<String> javaOptions = List.of();

    @Option(
            names = "--wan-delay",
            paramLabel = "DURATION",
            defaultValue = "0",
            converter = DurationConverter.class,
            description =
                    "Let the way from one region to another take this much longer, such as 80ms; an answer then takes "
                            + "twice that. At most 500ms. Default: 0.")
    private Duration wanDelay = Duration.ZERO;

    @Option(
            names = "--ready-within",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Give up when the platform is not ready by then. Default: ${DEFAULT-VALUE}.")
    private int readyWithinSeconds;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        var folder = data.folder();
        var previous = PlatformState.read(folder);
        Shape shape;
        Layout layout;
        Map<Place, Integer> debug;
        try {
            shape = shape(previous.map(PlatformState::shape).orElse(Shape.DEFAULT));
            requireWanDelay();
            layout = Layout.of(shape, runningEtcd(shape), wanDelay);
            debug = debugPlaces(layout);
        } catch (IllegalArgumentException e) {
            System.err.println("meridian: up: " + e.getMessage());
            return ExitCode.USAGE;
        }
        try (var _ = lock(folder)) {
            requireNotRunning(previous, folder);
            Programs.require(programs(layout));
            PortCheck.requireFree(layout.components());
            if (!detach || isBackground) {
                return stay(shape, layout, debug, folder, previous.isPresent());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the lock file of " + folder, e);
        }
        var arguments =
                new ArrayList<>(spec.root().commandLine().getParseResult().originalArgs());
        arguments.add("--is-background");
        var main = spec.root().userObject().getClass();
        announce(layout, new Background(folder, JavaRuntime.ofDistribution(), main, arguments).start(System.out));
        System.out.println("It runs in the background: ./meridian status, ./meridian logs PLACE, ./meridian down.");
        return ExitCode.OK;
    }

    /** Starts the platform and watches over it. */
    private int stay(Shape shape, Layout layout, Map<Place, Integer> debug, DataFolder folder, boolean continues)
            throws InterruptedException {
        new Certificates(folder, Instant.now()).make(layout);
        new ConfigFiles(layout, folder).write();
        progress((continues ? "continuing with the data in " : "a new platform, with its data in ") + folder);
        var supervisor = new Supervisor(
                shape,
                folder,
                new CommandLines(JavaRuntime.ofDistribution(), folder, debug, javaOptions),
                noRestart ? Optional.empty() : Optional.of(new RestartSchedule()),
                ProcessIdentity.self(),
                Up::progress);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopQuietly(supervisor), "stop"));
        supervisor.start(layout, Duration.ofSeconds(readyWithinSeconds));
        if (!isBackground) {
            announce(layout, supervisor.started());
            System.out.println("Ctrl-C stops it.");
        }
        supervisor.watch();
        return ExitCode.OK;
    }

    private static void announce(Layout layout, List<Started> started) {
        System.out.print(StatusTable.of(started, _ -> "up"));
        System.out.println();
        System.out.println("Devices connect to " + endpoints(layout) + " (MQTT 5 and 3.1.1).");
        console(layout).ifPresent(address -> System.out.println("A browser shows the platform at " + address));
        layout.wanProxy()
                .ifPresent(proxy -> System.out.println("From one region to another everything takes "
                        + TimeSpan.format(proxy.delay()) + " longer, each way."));
    }

    private static void stopQuietly(Supervisor supervisor) {
        try {
            supervisor.stop();
        } catch (InterruptedException _) {
            // Nobody interrupts a shutdown hook; if it happens, what still runs is for "meridian down".
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<URI> console(Layout layout) {
        return layout.components().stream()
                .filter(GlobalControl.class::isInstance)
                .map(GlobalControl.class::cast)
                .map(GlobalControl::console)
                .findFirst();
    }

    private static String endpoints(Layout layout) {
        return layout.components().stream()
                .filter(LoadBalancer.class::isInstance)
                .map(balancer -> balancer.place() + " at " + Component.loopback(balancer.port()))
                .collect(Collectors.joining(", "));
    }

    /** The recorded shape with what the options say put in its place. */
    private Shape shape(Shape recorded) {
        return new Shape(
                regions == null ? recorded.regions() : regions,
                zones == null ? recorded.zones() : zones,
                nodes == null ? recorded.nodes() : nodes,
                clientPort == null ? recorded.clientPort() : clientPort,
                basePort == null ? recorded.basePort() : basePort);
    }

    private void requireWanDelay() {
        if (wanDelay.compareTo(io.meridianmq.cli.wan.Main.DELAY_MAX) > 0) {
            throw new IllegalArgumentException("--wan-delay " + TimeSpan.format(wanDelay) + " is longer than "
                    + TimeSpan.format(io.meridianmq.cli.wan.Main.DELAY_MAX)
                    + ", with which links cannot tell a slow neighbour from one that hangs");
        }
    }

    private RunningEtcd runningEtcd(Shape shape) {
        var addresses = new HashMap<Place, String>();
        if (etcdGlobal != null) {
            addresses.put(Place.GLOBAL, etcdGlobal);
        }
        etcdRegions.forEach((region, address) -> {
            if (!shape.regions().contains(region)) {
                throw new IllegalArgumentException(
                        "--etcd-region " + region + ": there is no such region among " + shape.regions());
            }
            addresses.put(Place.region(region), address);
        });
        return new RunningEtcd(addresses);
    }

    private Map<Place, Integer> debugPlaces(Layout layout) {
        var places = new HashMap<Place, Integer>();
        debugPorts.forEach((text, port) -> {
            var place = Place.parse(text);
            if (layout.components().stream()
                    .noneMatch(component -> component.place().equals(place))) {
                throw new IllegalArgumentException("--debug " + text + ": there is no such place on this platform");
            }
            places.put(place, port);
        });
        return places;
    }

    private static List<Program> programs(Layout layout) {
        var programs = new ArrayList<>(List.of(Program.HAPROXY));
        if (layout.components().stream().anyMatch(Etcd.class::isInstance)) {
            programs.add(Program.ETCD);
        }
        return programs;
    }

    /** Held as long as an {@code up} starts a platform or watches over it. */
    private static FileChannel lock(DataFolder folder) {
        try {
            Files.createDirectories(folder.root());
            var channel = FileChannel.open(folder.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw alreadyRunning(folder);
            }
            return channel;
        } catch (IOException e) {
            throw new PlatformException("cannot use the data folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void requireNotRunning(Optional<PlatformState> previous, DataFolder folder) {
        if (previous.filter(state -> !state.live().isEmpty()).isPresent()) {
            throw alreadyRunning(folder);
        }
    }

    private static PlatformException alreadyRunning(DataFolder folder) {
        return new PlatformException("a platform is running with the data in " + folder
                + ": see it with ./meridian status, stop it with ./meridian down, or use another folder with --data");
    }

    private static void progress(String what) {
        System.out.println("meridian: " + what);
    }
}
