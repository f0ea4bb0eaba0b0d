package io.meridianmq.broker;

import io.meridianmq.broker.access.AccessConfig;
import io.meridianmq.broker.admin.LiveSettings;
import io.meridianmq.broker.front.ConnectionSettings;
import io.meridianmq.broker.listener.ListenerConfig;
import io.meridianmq.broker.listener.NetworkIo;
import io.meridianmq.broker.mesh.Cluster;
import io.meridianmq.broker.mesh.Visibility;
import io.meridianmq.broker.store.DurabilityConfig;
import io.meridianmq.core.mesh.MeshSettings;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.fabric.config.DirectoryConfig;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.config.HttpConfig;
import io.meridianmq.fabric.config.LinkConfig;
import io.meridianmq.fabric.config.Section;
import io.meridianmq.fabric.config.TlsConfig;
import io.meridianmq.fabric.relay.GatewayConfig;
import io.meridianmq.fabric.settings.SettingKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that one node is told.
 *
 * @param place where the node stands
 * @param data folder for what outlives the process
 * @param loops event loops, each a thread
 * @param io how loops hear of their connections
 * @param http where metrics and health are served; nowhere if empty
 * @param cluster how it finds the others; a broker on its own if empty
 * @param limits quotas of the node
 * @param durability how what is on disk is kept
 * @param access who may do what
 * @param sysInterval how often the node publishes its own figures; never if zero
 */
public record BrokerConfig(
        Place place,
        Path data,
        int loops,
        NetworkIo io,
        List<ListenerConfig> listeners,
        Optional<HttpConfig> http,
        Optional<ClusterConfig> cluster,
        Limits limits,
        ConnectionSettings connection,
        SessionLimits session,
        DurabilityConfig durability,
        AccessConfig access,
        Duration sysInterval) {

    private static final Place STANDALONE = Place.node("local", "local", "1");
    private static final int MQTT_PORT = 1883;
    private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);
    /** Bytes bound the queue; so many small messages may come at once when a link to another region is back. */
    private static final int QUEUED_MESSAGES_MAX = 100_000;

    private static final Duration SYS_INTERVAL = Duration.ofSeconds(10);
    private static final Duration SYS_INTERVAL_MAX = Duration.ofHours(1);
    /** They are outside of the heap, where as much may be as in it, and take up to twice as much. */
    private static final long PARTIAL_PACKET_BYTES =
            Math.max(16 << 20, Runtime.getRuntime().maxMemory() / 4);

    private static final Duration VISIBILITY_CAP_MAX = Duration.ofMinutes(1);

    /**
     * Quotas of the node.
     *
     * @param connections clients connected at once
     * @param connectionsPerAddress of these from one address; 0 for any number
     * @param connectionRate new connections in a second; 0 for any number
     * @param partialPacketBytes of packets that have come in part, on all connections
     * @param outboundBytes bytes waiting in a connection from which on its client counts as slow
     */
    public record Limits(
            int connections,
            int connectionsPerAddress,
            int connectionRate,
            long partialPacketBytes,
            int outboundBytes) {}

    /**
     * What a node needs to be one of many.
     *
     */
    public record ClusterConfig(DirectoryConfig directory, LinkConfig link, Cluster.Settings settings) {}

    public BrokerConfig {
        listeners = List.copyOf(listeners);
    }

    /** Reads a whole configuration; every key has a default, which is a broker on its own. */
    public static BrokerConfig read(Section root) {
        var place = root.place("place", STANDALONE);
        if (place.level() != Place.Level.NODE) {
            root.problem("place", "is \"" + place + "\", but a broker is a node: write region/zone/node");
        }
        var connection = ConnectionSettings.read(root.section("connection"), ConnectionSettings.DEFAULT);
        var listeners = readListeners(root, connection);
        var access = AccessConfig.read(root.section("access"));
        if (access.passwords().isEmpty()
                && listeners.stream()
                        .map(listener -> listener.connection().withoutPassword())
                        .anyMatch(open -> !open.anonymous() && !open.certificateUser())) {
            root.section("access")
                    .problem(
                            "passwords",
                            "is missing: nobody can connect where neither connection.anonymous nor"
                                    + " connection.certificate-user is true");
        }
        return new BrokerConfig(
                place,
                Path.of(root.string("data", "data")),
                root.integer("loops", Runtime.getRuntime().availableProcessors(), 1, 1_024),
                root.choice("io", NetworkIo.AUTO),
                listeners,
                readHttp(root.section("http")),
                readCluster(root, place),
                readLimits(root.section("limits")),
                connection,
                readSession(root.section("session")),
                DurabilityConfig.read(root.section("durability")),
                access,
                root.section("sys").duration("interval", SYS_INTERVAL, Duration.ZERO, SYS_INTERVAL_MAX));
    }

    /** What of it the platform's settings may replace while the node runs. */
    LiveSettings.Values replaceable() {
        var visibility = cluster.map(joined -> joined.settings().visibility()).orElse(Visibility.LOCAL);
        return new LiveSettings.Values(visibility, session, connection, limits.connections());
    }

    /** The same with one listener on another port, as the command line may ask. */
    BrokerConfig withPort(int port) {
        var moved = ListenerConfig.tcp(listeners.getFirst().address().withPort(port), connection);
        return new BrokerConfig(
                place,
                data,
                loops,
                io,
                List.of(moved),
                http,
                cluster,
                limits,
                connection,
                session,
                durability,
                access,
                sysInterval);
    }

    BrokerConfig withData(Path folder) {
        return new BrokerConfig(
                place,
                folder,
                loops,
                io,
                listeners,
                http,
                cluster,
                limits,
                connection,
                session,
                durability,
                access,
                sysInterval);
    }

    private static List<ListenerConfig> readListeners(Section root, ConnectionSettings connection) {
        var configured = root.sections("listeners").stream()
                .map(section -> ListenerConfig.read(section, connection))
                .toList();
        // Loopback, since nobody is asked for a password.
        return configured.isEmpty()
                ? List.of(ListenerConfig.tcp(new HostPort("127.0.0.1", MQTT_PORT), connection))
                : configured;
    }

    private static Optional<HttpConfig> readHttp(Section http) {
        return http.has("bind") ? Optional.of(HttpConfig.read(http, ANY_PORT)) : Optional.empty();
    }

    private static Optional<ClusterConfig> readCluster(Section root, Place place) {
        var directory = DirectoryConfig.read(root.section("directory"));
        var tls = TlsConfig.read(root, place);
        var subscribe = root.section("subscribe");
        // Read either way, so that a broker on its own may keep the keys of one among many.
        var cluster = new ClusterConfig(
                directory,
                directory.standalone()
                        ? LinkConfig.readUnused(root.section("link"), ANY_PORT, tls)
                        : LinkConfig.read(root.section("link"), ANY_PORT, tls),
                new Cluster.Settings(
                        GatewayConfig.readAddresses(root),
                        subscribe.choice("visibility", Visibility.ZONE),
                        MeshSettings.DEFAULT.withVisibilityCap(subscribe.duration(
                                "visibility-cap",
                                MeshSettings.DEFAULT.visibilityCap(),
                                Duration.ZERO,
                                VISIBILITY_CAP_MAX))));
        return directory.standalone() ? Optional.empty() : Optional.of(cluster);
    }

    private static Limits readLimits(Section limits) {
        return new Limits(
                limits.value("connections", 100_000, SettingKey.CONNECTIONS.kind()),
                limits.integer("connections-per-address", 0, 0, SettingKey.CONNECTIONS_MAX),
                limits.integer("connection-rate", 0, 0, 1_000_000),
                limits.bytes("partial-packet-bytes", PARTIAL_PACKET_BYTES, 1 << 20, 1L << 40),
                Math.toIntExact(limits.bytes("outbound-bytes", 1 << 20, 64 << 10, 1 << 30)));
    }

    private static SessionLimits readSession(Section session) {
        var defaults = SessionLimits.DEFAULT;
        return new SessionLimits(
                session.value("in-flight-max", defaults.inFlightMax(), SettingKey.IN_FLIGHT_MAX.kind()),
                session.value("queued-messages-max", QUEUED_MESSAGES_MAX, SettingKey.QUEUED_MESSAGES_MAX.kind()),
                session.value("queued-bytes-max", defaults.queuedBytesMax(), SettingKey.QUEUED_BYTES_MAX.kind()),
                session.value("subscriptions-max", defaults.subscriptionsMax(), SettingKey.SUBSCRIPTIONS_MAX.kind()),
                session.durationOrNever("expiry-max")
                        .map(longest -> Math.min(longest.toSeconds(), Session.NEVER_EXPIRES))
                        .orElse(Session.NEVER_EXPIRES));
    }
}
