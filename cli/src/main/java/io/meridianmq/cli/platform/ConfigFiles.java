package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.Component.Deployable;
import io.meridianmq.cli.platform.Component.Etcd;
import io.meridianmq.cli.platform.Component.GlobalControl;
import io.meridianmq.cli.platform.Component.LoadBalancer;
import io.meridianmq.cli.platform.Component.Node;
import io.meridianmq.cli.platform.Component.RegionGateway;
import io.meridianmq.cli.platform.Component.WanProxy;
import io.meridianmq.cli.platform.Component.ZoneGateway;
import io.meridianmq.fabric.config.TimeSpan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The text of each process's configuration file. */
final class ConfigFiles {

    private final Layout layout;
    private final DataFolder folder;

    ConfigFiles(Layout layout, DataFolder folder) {
        this.layout = layout;
        this.folder = folder;
    }

    /** Writes the file of every process that has one. */
    void write() {
        for (var component : layout.components()) {
            switch (component) {
                case Etcd _ -> {}
                case WanProxy proxy -> write(component, wanProxy(proxy));
                case LoadBalancer balancer -> write(component, haproxy(balancer));
                case Deployable deployable -> write(component, yaml(deployable));
            }
        }
    }

    String yaml(Deployable deployable) {
        return """
                # Written by "meridian up", which overwrites changes made here.
                place: %s
                data: %s
                directory:
                %s
                link:
                  bind: %s
                %stls:
                  certificate: %s
                  key: %s
                  authority: %s
                http:
                  bind: %s
                %s""".formatted(
                        deployable.place(),
                        quoted(folder.data(deployable)),
                        directory(deployable),
                        Component.loopback(deployable.linkPort()),
                        beyond(deployable),
                        quoted(folder.certificate(deployable)),
                        quoted(folder.key(deployable)),
                        quoted(folder.authority()),
                        Component.loopback(deployable.httpPort()),
                        ownSection(deployable));
    }

    private String directory(Deployable deployable) {
        var global = "  global-etcd: [\"" + layout.globalEtcd() + "\"]";
        var region = "  etcd: [\"" + layout.regionEtcd().get(deployable.place().inRegion()) + "\"]";
        return switch (deployable) {
            case GlobalControl _ -> global;
            case RegionGateway _ -> region + "\n" + global;
            case ZoneGateway _, Node _ -> region;
        };
    }

    /** How links come to it that pass through the network between regions. */
    private String beyond(Deployable deployable) {
        return layout.wanProxy().stream()
                .flatMap(proxy -> proxy.ways().stream())
                .filter(way -> way.gateway().equals(deployable))
                .map(way -> "  advertise-beyond: " + Component.loopback(way.port()) + "\n")
                .collect(Collectors.joining());
    }

    String wanProxy(WanProxy proxy) {
        var routes = proxy.ways().stream()
                .map(way -> """
                          - listen: %s
                            to: %s
                        """.formatted(
                                Component.loopback(way.port()),
                                Component.loopback(way.gateway().linkPort())))
                .collect(Collectors.joining());
        return """
                # Written by "meridian up", which overwrites changes made here.
                delay: %s
                http:
                  bind: %s
                routes:
                %s""".formatted(TimeSpan.format(proxy.delay()), Component.loopback(proxy.httpPort()), routes);
    }

    private static String ownSection(Deployable deployable) {
        return switch (deployable) {
            case GlobalControl control ->
                """
                admin:
                  bind: %s
                console:
                  bind: %s
                """.formatted(Component.loopback(control.port()), Component.loopback(control.consolePort()));
            case RegionGateway _, ZoneGateway _ -> "";
            case Node node -> """
                listeners:
                  - tcp: %s
                    proxy-protocol: true
                  - tcp: %s
                """.formatted(Component.loopback(node.port()), Component.loopback(node.directPort()));
        };
    }

    /**
     * TCP with PROXY protocol v2 to the nodes that say they are ready. A node that stops being ready gets no new
     * connections and keeps those it has, as behind a cloud provider's network load balancer.
     */
    String haproxy(LoadBalancer balancer) {
        var servers = balancer.nodes().stream()
                .map(node -> "    server %s %s send-proxy-v2 check addr %s port %d"
                        .formatted(
                                node.place().zone() + "-" + node.place().node(),
                                Component.loopback(node.port()),
                                Component.LOOPBACK,
                                node.httpPort()))
                .collect(Collectors.joining("\n"));
        // Without the limit HAProxy reserves memory for as many connections as the machine lets it have files, which
        // can be a billion. MQTT clients may be silent for a whole keep-alive interval, at most 18 hours; nodes watch
        // over it.
        return """
                # Written by "meridian up", which overwrites changes made here.
                global
                    fd-hard-limit 100000

                defaults
                    mode tcp
                    timeout connect 2s
                    timeout client 24h
                    timeout server 24h
                    timeout check 2s

                frontend mqtt
                    bind %s
                    default_backend nodes

                backend nodes
                    balance leastconn
                    option httpchk GET /health/ready
                    default-server inter 500ms rise 1 fall 2
                %s

                frontend http
                    mode http
                    timeout client 10s
                    bind %s
                    monitor-uri /health/ready
                    monitor fail if { nbsrv(nodes) lt 1 }
                    http-request use-service prometheus-exporter if { path /metrics }
                    http-request return status 404
                """.formatted(Component.loopback(balancer.port()), servers, Component.loopback(balancer.httpPort()));
    }

    private void write(Component component, String text) {
        var file = folder.config(component);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** A YAML double-quoted scalar. */
    private static String quoted(Path path) {
        return "\"" + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
