package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.Component.Deployable;
import io.meridianmq.cli.platform.Component.Etcd;
import io.meridianmq.cli.platform.Component.LoadBalancer;
import io.meridianmq.cli.platform.Component.WanProxy;
import io.meridianmq.cli.platform.Programs.Program;
import io.meridianmq.core.place.Place;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How each process is started.
 *
 * @param java for Meridian's own processes
 * @param folder where they find their configuration and keep their data
 * @param debugPorts where a debugger may attach to the process of a place
 * @param javaOptions further flags for the JVMs of Meridian's own processes; they come last and so overrule others
 */
record CommandLines(JavaRuntime java, DataFolder folder, Map<Place, Integer> debugPorts, List<String> javaOptions) {

    /** Room for what is on its way between a few regions at a time. */
    private static final int WAN_PROXY_HEAP_MB = 128;

    CommandLines {
        debugPorts = Map.copyOf(debugPorts);
        javaOptions = List.copyOf(javaOptions);
    }

    List<String> of(Component component) {
        return switch (component) {
            case Etcd etcd -> etcd(etcd);
            case LoadBalancer balancer ->
                List.of(
                        executable(Program.HAPROXY),
                        "-db",
                        "-f",
                        folder.config(balancer).toString());
            case WanProxy proxy ->
                java.commandLine(
                        io.meridianmq.cli.wan.Main.class.getName(), WAN_PROXY_HEAP_MB, javaOptions, config(proxy));
            case Deployable deployable ->
                java.commandLine(deployable.mainClass(), deployable.heapMb(), flags(deployable), config(deployable));
        };
    }

    private List<String> config(Component component) {
        return List.of("--config", folder.config(component).toString());
    }

    private List<String> etcd(Etcd etcd) {
        var client = "http://" + Component.loopback(etcd.port());
        var peer = "http://" + Component.loopback(etcd.peerPort());
        return List.of(
                executable(Program.ETCD),
                "--name=" + etcd.name(),
                "--data-dir=" + folder.data(etcd),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=" + etcd.name() + "=" + peer,
                // A member without peers has nobody to wait for: half the usual time until it leads after a restart.
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--auto-compaction-mode=periodic",
                "--auto-compaction-retention=1h",
                "--logger=zap");
    }

    private List<String> flags(Deployable deployable) {
        return Stream.concat(debugFlags(deployable).stream(), javaOptions.stream())
                .toList();
    }

    private List<String> debugFlags(Deployable deployable) {
        var port = debugPorts.get(deployable.place());
        return port == null
                ? List.of()
                : List.of("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=" + Component.loopback(port));
    }

    private static String executable(Program program) {
        return Programs.find(program)
                .orElseThrow(() -> new PlatformException(program + " is not installed"))
                .toString();
    }
}
