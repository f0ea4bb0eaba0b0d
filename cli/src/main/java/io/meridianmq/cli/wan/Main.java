package io.meridianmq.cli.wan;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.HttpConfig;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.lifecycle.Lifecycle;
import io.meridianmq.fabric.lifecycle.LogSetup;
import io.meridianmq.fabric.lifecycle.Program;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.fabric.metrics.Health;
import io.meridianmq.fabric.metrics.Metrics;
import io.meridianmq.fabric.metrics.MetricsHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The program {@code wan-proxy}: {@code meridian up --wan-delay} starts it, and writes its configuration. It is a process
 * of its own, since a platform in the background has no other that stays.
 */
public final class Main {

    /** Above it links between regions could not tell a slow neighbour from one that hangs. */
    public static final Duration DELAY_MAX = Duration.ofMillis(500);

    private static final Duration QUICKLY = Duration.ofSeconds(2);

    private Main() {}

    private record Config(Duration delay, HttpConfig http, List<Route> routes) {

        static Config read(Section root) {
            return new Config(
                    root.duration("delay", Duration.ofMillis(80), Duration.ZERO, DELAY_MAX),
                    HttpConfig.read(root.section("http"), new HostPort("127.0.0.1", 0)),
                    root.sections("routes").stream()
                            .map(route -> new Route(route.hostPort("listen"), route.hostPort("to")))
                            .toList());
        }
    }

    /** Runs the proxy until it is told to stop; exit code 2 for a bad command line or configuration. */
    public static void main(String[] args) {
        Program.main("wan-proxy", args, Config::read, Main::start);
    }

    private static void start(Lifecycle lifecycle, Config config) throws Exception {
        LogSetup.place(Place.GLOBAL);
        try {
            lifecycle.start("proxy", QUICKLY, () -> WanProxy.start(config.routes(), config.delay()));
            var metrics = lifecycle.start("metrics", QUICKLY, () -> new Metrics(Place.GLOBAL));
            lifecycle.start(
                    "http", QUICKLY, () -> MetricsHttp.start(config.http().bind(), metrics, new Health()));
        } catch (IOException e) {
            throw new StartRefusedException(
                    e.getMessage() + ": end the process that uses the port, or start with another --base-port", e);
        }
    }
}
