package io.meridianmq.control;

import io.meridianmq.control.console.Console;
import io.meridianmq.control.discovery.PrometheusTargets;
import io.meridianmq.control.roster.Roster;
import io.meridianmq.core.mesh.ControlMesh;
import io.meridianmq.core.mesh.ControlSettings;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.directory.Directory;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.lifecycle.BootNumber;
import io.meridianmq.fabric.lifecycle.DataFolder;
import io.meridianmq.fabric.lifecycle.Lifecycle;
import io.meridianmq.fabric.lifecycle.LogSetup;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.link.OpaqueBytes;
import io.meridianmq.fabric.metrics.Health;
import io.meridianmq.fabric.metrics.Metrics;
import io.meridianmq.fabric.metrics.MetricsHttp;
import io.meridianmq.fabric.relay.MeshHealth;
import io.meridianmq.fabric.relay.MeshRunner;
import io.meridianmq.fabric.relay.MeshSetup;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** global-control, wired: data folder, HTTP port, mesh, admin interface, discovery, console. */
final class GlobalControl {

    static final String PROGRAM = "global-control";

    private static final int DATA_FORMAT = 1;
    private static final Duration QUICKLY = Duration.ofSeconds(2);

    /** An etcd that is away, and links and a mesh thread that are slow to end, each within its limit. */
    private static final Duration MESH_STOPS = Duration.ofSeconds(26);

    private static final Duration ADMIN_STOPS = Duration.ofSeconds(5);
    private static final Duration SETTINGS_STOP = Duration.ofSeconds(4);
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration EXPLAIN_TIME = Duration.ofSeconds(2);
    private static final Duration OPERATION_TIME = Duration.ofSeconds(3);
    private static final Duration WATCH_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final ControlConfig config;
    private final Health health = new Health();
    private final MeshHealth meshHealth = new MeshHealth(health);
    private final Answers answers = new Answers();

    GlobalControl(ControlConfig config) {
        this.config = config;
    }

    /** Starts everything in order; stopped in reverse order by the life cycle. */
    void start(Lifecycle lifecycle) throws Exception {
        LogSetup.place(Place.GLOBAL);
        var folder =
                lifecycle.start("data folder", QUICKLY, () -> DataFolder.open(config.data(), PROGRAM, DATA_FORMAT));
        // The directory's revision is not known yet, and would be far below the milliseconds since 1970.
        var boot = BootNumber.next(folder, 0, System.currentTimeMillis());
        var metrics = lifecycle.start("metrics", QUICKLY, () -> new Metrics(Place.GLOBAL));
        var http = lifecycle.start("http", QUICKLY, () -> serve(metrics));
        var directory = openDirectory(lifecycle, metrics);
        var mesh = lifecycle.start(
                "mesh", MESH_STOPS, () -> startMesh(lifecycle, boot, metrics, http.address(), directory));
        meshHealth.started(mesh);
        var settings = lifecycle.start(
                "settings",
                SETTINGS_STOP,
                () -> new FollowedSettings(config.directory().etcd(), CLOCK));
        var admin = lifecycle.start("admin", ADMIN_STOPS, () -> startAdmin(mesh, settings, metrics.registry()));
        admin.bindTo(metrics.registry());
        var roster = lifecycle.start(
                "roster", QUICKLY, () -> Roster.start(mesh.mesh()::components, InstantSource.system(), LOOK_EVERY));
        http.serve(PrometheusTargets.PATH, new PrometheusTargets(roster::latest));
        lifecycle.start("console", QUICKLY, () -> startConsole(roster, metrics));
        directory.watch(_ -> admin.serving()); // Before the first view, it would say that there are no regions.
    }

    private MetricsHttp serve(Metrics metrics) {
        try {
            return MetricsHttp.start(config.http().bind(), metrics, health);
        } catch (IOException e) {
            throw new StartRefusedException(
                    e.getMessage() + ": end the process that uses the port, or set http.bind to another address", e);
        }
    }

    private Directory openDirectory(Lifecycle lifecycle, Metrics metrics) {
        var endpoints = config.directory();
        var directory = EtcdDirectory.start(
                endpoints.name(),
                endpoints.etcd(),
                taken -> lifecycle.fail("the registration of global-control", taken));
        directory.bindTo(metrics.registry());
        meshHealth.follow(endpoints, directory);
        return directory;
    }

    /** The directory belongs to the runner from here on. */
    private MeshRunner<ControlMesh> startMesh(
            Lifecycle lifecycle, long boot, Metrics metrics, HostPort http, Directory directory) {
        var meters = new ControlMeters(metrics.registry());
        var setup = new MeshSetup(
                Place.GLOBAL,
                boot,
                config.link(),
                LinkSettings.DEFAULTS,
                "",
                advertised(http).toString(),
                OpaqueBytes.CODEC,
                List.of(directory),
                lifecycle::fail);
        var runner = MeshRunner.start(
                setup,
                (send, nowNanos) -> new ControlMesh(ControlSettings.DEFAULT, answers.outlet(send), nowNanos),
                mesh -> {
                    meters.update(mesh.figures());
                    return Map.of();
                });
        runner.bindTo(metrics.registry());
        return runner;
    }

    private AdminServer startAdmin(MeshRunner<ControlMesh> mesh, FollowedSettings settings, MeterRegistry registry) {
        var platform = new Platform(mesh.mesh(), mesh, answers);
        var settingsService = new SettingsService(settings.store(), settings::latest, platform::components);
        settingsService.bindTo(registry);
        return AdminServer.start(
                config.admin(),
                List.of(
                        new AdminService(platform, CLOCK, EXPLAIN_TIME, WATCH_EVERY),
                        settingsService,
                        new MaintenanceService(platform, OPERATION_TIME),
                        new ClientsService(platform, OPERATION_TIME)));
    }

    private Console startConsole(Roster roster, Metrics metrics) {
        try {
            return Console.start(config.console().bind(), roster, metrics.registry());
        } catch (IOException e) {
            throw new StartRefusedException(
                    e.getMessage() + ": end the process that uses the port, or set console.bind to another address", e);
        }
    }

    /** Where others find the HTTP port: its own address, unless that only says which addresses it listens on. */
    private HostPort advertised(HostPort http) {
        return http.isWildcard() ? new HostPort(config.link().advertise().host(), http.port()) : http;
    }
}
