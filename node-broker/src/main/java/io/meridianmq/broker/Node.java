package io.meridianmq.broker;

import com.google.common.util.concurrent.MoreExecutors;
import io.meridianmq.broker.BrokerConfig.ClusterConfig;
import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.AccessConfig;
import io.meridianmq.broker.access.AccessFiles;
import io.meridianmq.broker.access.Verifications;
import io.meridianmq.broker.admin.LiveSettings;
import io.meridianmq.broker.admin.Operations;
import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.claim.ClaimMeters;
import io.meridianmq.broker.claim.ClaimThread;
import io.meridianmq.broker.claim.StandaloneClaims;
import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.listener.Transport;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.mesh.CanonicalFrames;
import io.meridianmq.broker.mesh.Cluster;
import io.meridianmq.broker.publish.LocalRetained;
import io.meridianmq.broker.publish.Mesh;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.RetainedDisk;
import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.publish.StandaloneMesh;
import io.meridianmq.broker.remote.StreamThread;
import io.meridianmq.broker.store.SessionStore;
import io.meridianmq.broker.store.StoreMeters;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.fabric.access.RefusedFileException;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.directory.EtcdDirectory;
import io.meridianmq.fabric.lifecycle.BootNumber;
import io.meridianmq.fabric.lifecycle.DataFolder;
import io.meridianmq.fabric.lifecycle.Lifecycle;
import io.meridianmq.fabric.lifecycle.LogSetup;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.metrics.Health;
import io.meridianmq.fabric.metrics.Metrics;
import io.meridianmq.fabric.metrics.MetricsHttp;
import io.meridianmq.fabric.relay.MeshSetup;
import io.meridianmq.retained.store.StoreRefusedException;
import io.meridianmq.retained.store.StoreSettings;
import io.meridianmq.retained.warm.WarmSettings;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.SubscriptionTrie;
import io.micrometer.core.instrument.Gauge;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A node, wired: data folder, retained messages, loops, its place among others if it has one, listeners, HTTP port.
 *
 * <p>For the thread that starts the process.
 */
final class Node {

    private static final int DATA_FORMAT = 1;
    private static final Duration QUICKLY = Duration.ofSeconds(2);
    private static final Duration CLIENTS_LEAVE = Duration.ofSeconds(6);
    private static final Duration DISK = Duration.ofSeconds(10);
    private static final Duration CLAIMS_TICK = Duration.ofMillis(100);
    private static final Duration MESH_STOPS = Duration.ofSeconds(26);
    private static final long ASK_AGAIN_NANOS = Duration.ofMillis(10).toNanos();

    private final Lifecycle lifecycle;
    private final BrokerConfig config;
    private final InstantSource clock = InstantSource.system();
    private final SubscriptionTrie<Subscription> trie = new SubscriptionTrie<>();
    private final Health health = new Health();
    private final LiveSettings live;
    private final Drain drain = new Drain();
    private volatile boolean open;

    private Node(Lifecycle lifecycle, BrokerConfig config) {
        this.lifecycle = lifecycle;
        this.config = config;
        this.live = new LiveSettings(config.replaceable());
        health.ready("in service", () -> drain.isDraining() ? Optional.of("the node is drained") : Optional.empty());
        health.ready("listeners", () -> open ? Optional.empty() : Optional.of("not open yet: the node joins its zone"));
    }

    /** Starts everything in order; stopped in reverse order by the life cycle. */
    static Broker start(Lifecycle lifecycle, BrokerConfig config) throws Exception {
        return new Node(lifecycle, config).start();
    }

    private Broker start() throws Exception {
        LogSetup.place(config.place());
        var folder = lifecycle.start(
                "data folder", QUICKLY, () -> DataFolder.open(config.data(), "node-broker", DATA_FORMAT));
        var boot = BootNumber.next(folder, 0, clock.millis());
        var metrics = lifecycle.start("metrics", QUICKLY, () -> new Metrics(config.place()));
        var warm = lifecycle.start(
                "retained messages", DISK, () -> openWarm(config.data().resolve("retained")));
        var readers = lifecycle.start("disk readers", QUICKLY, () -> new Blocking());
        var stamps = new Stamps(config.place(), boot, new HybridClock());
        StoreMeters.bind(
                metrics.registry(),
                "retained",
                warm,
                tier -> tier.figures().committer(),
                tier -> tier.figures().sizeBytes());
        var sessions = lifecycle.start("durable sessions", DISK, () -> openSessions(stamps, readers));
        StoreMeters.bind(metrics.registry(), "sessions", sessions, SessionStore::figures, SessionStore::sizeBytes);
        Gauge.builder("meridian_store_recent_messages", sessions, SessionStore::recentMessages)
                .description("QoS 2 messages of other nodes that the sessions' store knows if they come again")
                .register(metrics.registry());
        var transport = lifecycle.start("loops", CLIENTS_LEAVE, () -> new Transport(config.loops(), config.io()));
        var verifications = lifecycle.start(
                "password checks",
                QUICKLY,
                () -> new Verifications(
                        config.access().verificationsAtOnce(),
                        config.access().verificationsWaiting(),
                        metrics.registry()));
        var access = openAccess(verifications, metrics);
        var messages = new MessageMetrics(metrics.registry());
        var operations = new Operations(drain, trie, readers.executor());
        var http = config.http().isEmpty()
                ? Optional.<HostPort>empty()
                : Optional.of(lifecycle
                        .start(
                                "http",
                                QUICKLY,
                                () -> startHttp(config.http().get().bind(), metrics, health))
                        .address());
        var others = config.cluster().isEmpty()
                ? alone(
                        new Incarnation(config.place(), boot),
                        transport,
                        stamps,
                        new LocalRetained(warm, readers.executor()),
                        metrics)
                : among(
                        config.cluster().get(),
                        boot,
                        transport,
                        stamps,
                        messages,
                        new RetainedDisk(warm, readers.executor(), clock),
                        operations,
                        http,
                        metrics);
        var around = new Broker.Surroundings(
                new Incarnation(config.place(), boot),
                transport,
                trie,
                others.mesh,
                others.claims,
                access,
                others.retained,
                () -> warm.figures().keysEstimate(),
                stamps,
                messages,
                clock,
                metrics.registry(),
                live,
                drain,
                Optional.of(sessions),
                others.streams);
        var broker = lifecycle.start("sessions", CLIENTS_LEAVE, () -> Broker.start(config, around));
        others.inService.run();
        broker.listen(config.listeners());
        operations.serve(broker.clients());
        open = true;
        System.out.println("MQTT broker is ready: connect to " + written(broker.addresses()));
        return broker;
    }

    /** What the node's clients see of other nodes. */
    private record Others(
            Function<Loop, Mesh> mesh,
            ClaimThread claims,
            RetainedMessages retained,
            Optional<StreamThread> streams,
            Runnable inService) {}

    private Others alone(Incarnation self, Transport transport, Stamps stamps, LocalRetained local, Metrics metrics)
            throws Exception {
        // Each loop runs its own tasks, and those that others bring meanwhile: none waits, and none has to be woken.
        var turns = MoreExecutors.newSequentialExecutor(MoreExecutors.directExecutor());
        var mesh = new StandaloneMesh(self, turns, trie, transport.loops());
        var claims =
                new StandaloneClaims(self, turns, transport.loops(), new ClaimEffects(stamps, clock), System::nanoTime);
        var ticks = lifecycle.start("ticks", QUICKLY, () -> new Ticks());
        ticks.every(CLAIMS_TICK, claims.measuredBy(new ClaimMeters(metrics.registry()))::tick);
        return new Others(_ -> mesh, claims, local, Optional.empty(), () -> {});
    }

    private Others among(
            ClusterConfig cluster,
            long boot,
            Transport transport,
            Stamps stamps,
            MessageMetrics messages,
            RetainedDisk disk,
            Operations operations,
            Optional<HostPort> http,
            Metrics metrics)
            throws Exception {
        var inside = new Cluster.Inside(
                transport.loops(),
                trie,
                stamps,
                messages,
                clock,
                disk,
                operations::perform,
                live::follow,
                live::visibility);
        var region = directory(cluster, metrics);
        var setup = setup(cluster, boot, http, region);
        var joined = lifecycle.start(
                "mesh", MESH_STOPS, () -> Cluster.join(setup, region, cluster.settings(), inside, metrics.registry()));
        operations.joined(new Operations.Membership(joined::listDraining, joined::slotsOwned));
        return new Others(joined::seenFrom, joined, joined.retained(), Optional.of(joined), () -> {
            awaitReady(joined);
            joined.listInService();
            awaitReady(joined);
        });
    }

    private EtcdDirectory directory(ClusterConfig cluster, Metrics metrics) {
        var directory = EtcdDirectory.start(
                "region",
                cluster.directory().etcd(),
                taken -> lifecycle.fail("the registration of " + config.place(), taken));
        directory.bindTo(metrics.registry());
        health.ready(
                "directory",
                () -> directory.ready()
                        ? Optional.empty()
                        : Optional.of("etcd at " + cluster.directory().etcd()
                                + " has not answered yet: trying again and again"));
        return directory;
    }

    private MeshSetup setup(ClusterConfig cluster, long boot, Optional<HostPort> http, EtcdDirectory region) {
        return new MeshSetup(
                config.place(),
                boot,
                cluster.link(),
                LinkSettings.DEFAULTS,
                config.listeners().getFirst().address().toString(),
                http.map(HostPort::toString).orElse(""),
                new CanonicalFrames(),
                List.of(region),
                true,
                lifecycle::fail);
    }

    /** Clients come when the node knows what the zone wants, or has waited long enough; without a directory, not at all. */
    private static void awaitReady(Cluster cluster) {
        while (!cluster.isReady()) {
            LockSupport.parkNanos(ASK_AGAIN_NANOS);
        }
    }

    private SessionStore openSessions(Stamps stamps, Blocking readers) throws IOException {
        var settings = StoreSettings.small(config.data().resolve("sessions"))
                .with(config.durability().durability(), config.durability().reserveBytes());
        try {
            return SessionStore.open(
                    new SessionStore.Setup(settings, config.loops(), stamps, readers.executor(), clock));
        } catch (StoreRefusedException e) {
            throw new StartRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private WarmTier openWarm(Path folder) throws IOException {
        var small = WarmSettings.small(folder);
        try {
            return WarmTier.open(
                    small.with(small.store()
                            .with(
                                    config.durability().durability(),
                                    config.durability().reserveBytes())),
                    clock);
        } catch (StoreRefusedException e) {
            throw new StartRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private Access openAccess(Verifications verifications, Metrics metrics) throws Exception {
        var files = lifecycle.start("access files", QUICKLY, () -> openFiles(config.access(), metrics));
        var access =
                new Access(files.policy(), config.access().mqtt3DeniedPublish(), verifications, metrics.registry());
        files.tell(access);
        return access;
    }

    private static AccessFiles openFiles(AccessConfig config, Metrics metrics) {
        try {
            return new AccessFiles(config, metrics.registry());
        } catch (RefusedFileException e) {
            throw new StartRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static MetricsHttp startHttp(HostPort bind, Metrics metrics, Health health) {
        try {
            return MetricsHttp.start(bind, metrics, health);
        } catch (IOException e) {
            throw new StartRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String written(List<HostPort> addresses) {
        return addresses.stream().map(HostPort::toString).collect(Collectors.joining(", "));
    }

    /** Virtual threads for what blocks. */
    private record Blocking(ExecutorService executor) implements AutoCloseable {
        Blocking() {
            this(Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("blocking-", 0).factory()));
        }

        @Override
        public void close() {
            executor.close();
        }
    }

    /** A thread for what is due now and then at a node on its own. */
    private record Ticks(DefaultEventExecutor executor) implements AutoCloseable {
        Ticks() {
            this(new DefaultEventExecutor(new DefaultThreadFactory("ticks")));
        }

        @SuppressWarnings("FutureReturnValueIgnored") // It ends with the executor.
        void every(Duration period, Runnable task) {
            executor.scheduleWithFixedDelay(task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            executor.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
