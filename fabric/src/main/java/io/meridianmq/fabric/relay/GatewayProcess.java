package io.meridianmq.fabric.relay;

import io.meridianmq.core.mesh.GatewayMesh;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.lifecycle.BootNumber;
import io.meridianmq.fabric.lifecycle.DataFolder;
import io.meridianmq.fabric.lifecycle.Lifecycle;
import io.meridianmq.fabric.lifecycle.LogSetup;
import io.meridianmq.fabric.lifecycle.Program;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.link.OpaqueBytes;
import io.meridianmq.fabric.metrics.Health;
import io.meridianmq.fabric.metrics.Metrics;
import io.meridianmq.fabric.metrics.MetricsHttp;
import io.meridianmq.fabric.settings.SettingsFollower;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The process that both kinds of gateway are: the wiring around the mesh. */
public final class GatewayProcess {

    private static final int DATA_FORMAT = 1;
    private static final Duration QUICKLY = Duration.ofSeconds(2);

    /** An etcd that is away, and links and a mesh thread that are slow to end, each within its limit. */
    private static final Duration MESH_STOPS = Duration.ofSeconds(26);

    private static final Duration SETTINGS_STOP = Duration.ofSeconds(4);

    private final String program;
    private final GatewayConfig config;
    private final Health health = new Health();
    private final MeshHealth meshHealth = new MeshHealth(health);

    private GatewayProcess(String program, GatewayConfig config) {
        this.program = program;
        this.config = config;
    }

    /**
     * Runs a gateway until it is told to stop. Does not return, but for {@code --help}.
     *
     * <p>The process exits with {@link Lifecycle#EXIT_USAGE} for a bad command line or configuration.
     *
     * @param program its name, for the log, the data folder and the command line's help
     * @param read reads the configuration
     */
    public static void main(String program, String[] args, Function<Section, GatewayConfig> read) {
        Program.main(program, args, read, (lifecycle, config) -> new GatewayProcess(program, config).start(lifecycle));
    }

    private void start(Lifecycle lifecycle) throws Exception {
        LogSetup.place(config.place());
        var folder =
                lifecycle.start("data folder", QUICKLY, () -> DataFolder.open(config.data(), program, DATA_FORMAT));
        // The directory's revision is not known yet, and would be far below the milliseconds since 1970.
        var boot = BootNumber.next(folder, 0, System.currentTimeMillis());
        var metrics = lifecycle.start("metrics", QUICKLY, () -> new Metrics(config.place()));
        var http = lifecycle.start("http", QUICKLY, () -> serve(metrics));
        var mesh = lifecycle.start("mesh", MESH_STOPS, () -> startMesh(lifecycle, boot, metrics, http.address()));
        if (config.global().isPresent()) {
            lifecycle.start(
                    "settings", SETTINGS_STOP, () -> follow(config.global().get(), mesh));
        }
    }

    private static SettingsFollower follow(EtcdEndpoints global, MeshRunner<GatewayMesh> mesh) {
        return SettingsFollower.start(
                global.etcd(),
                EtcdDirectory.PREFIX,
                version -> mesh.execute(() -> mesh.mesh().onSettings(version.settings())));
    }

    private MetricsHttp serve(Metrics metrics) {
        try {
            return MetricsHttp.start(config.http().bind(), metrics, health);
        } catch (IOException e) {
            throw new StartRefusedException(
                    e.getMessage() + ": end the process that uses the port, or set http.bind to another address", e);
        }
    }

    private MeshRunner<GatewayMesh> startMesh(Lifecycle lifecycle, long boot, Metrics metrics, HostPort httpAddress) {
        var directories = openDirectories(lifecycle, metrics);
        var meters = new GatewayMeters(metrics.registry());
        var setup = new MeshSetup(
                config.place(),
                boot,
                config.link(),
                LinkSettings.DEFAULTS,
                "",
                advertised(httpAddress).toString(),
                OpaqueBytes.CODEC,
                List.copyOf(directories),
                lifecycle::fail);
        var runner = MeshRunner.start(
                setup,
                (send, nowNanos) -> new GatewayMesh(
                        config.place(),
                        boot,
                        config.addresses(),
                        MeshSettings.DEFAULT,
                        new GatewayOutlet(send),
                        nowNanos),
                mesh -> meters.update(mesh.figures()));
        runner.bindTo(metrics.registry());
        if (config.place().level() == Place.Level.ZONE) {
            ZoneFollower.follow(directories.getFirst(), config.place(), runner);
        }
        meshHealth.started(runner);
        return runner;
    }

    private List<EtcdDirectory> openDirectories(Lifecycle lifecycle, Metrics metrics) {
        var directories = new ArrayList<EtcdDirectory>();
        for (var endpoints : config.directories()) {
            var directory = EtcdDirectory.start(
                    endpoints.name(),
                    endpoints.etcd(),
                    taken -> lifecycle.fail("the registration of " + config.place(), taken));
            directory.bindTo(metrics.registry());
            meshHealth.follow(endpoints, directory);
            directories.add(directory);
        }
        return directories;
    }

    /** Where others find the HTTP port: its own address, unless that only says which addresses it listens on. */
    private HostPort advertised(HostPort http) {
        return http.isWildcard() ? new HostPort(config.link().advertise().host(), http.port()) : http;
    }
}
