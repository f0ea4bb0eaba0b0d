package io.meridianmq.broker;

import io.meridianmq.broker.listener.Transport;
import io.meridianmq.broker.publish.LocalRetained;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.publish.StandaloneMesh;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.lifecycle.BootNumber;
import io.meridianmq.fabric.lifecycle.DataFolder;
import io.meridianmq.fabric.lifecycle.Lifecycle;
import io.meridianmq.fabric.lifecycle.LogSetup;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.fabric.metrics.Health;
import io.meridianmq.fabric.metrics.Metrics;
import io.meridianmq.fabric.metrics.MetricsHttp;
import io.meridianmq.retained.store.StoreRefusedException;
import io.meridianmq.retained.warm.WarmSettings;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.SubscriptionTrie;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A broker on its own, wired: data folder, retained messages, loops, listeners, HTTP port. */
final class Standalone {

    private static final int DATA_FORMAT = 1;
    private static final Duration QUICKLY = Duration.ofSeconds(2);
    private static final Duration CLIENTS_LEAVE = Duration.ofSeconds(6);
    private static final Duration DISK = Duration.ofSeconds(10);

    private Standalone() {}

    /** Starts everything in order; stopped in reverse order by the life cycle. */
    static Broker start(Lifecycle lifecycle, BrokerConfig config) throws Exception {
        LogSetup.place(config.place());
        var clock = InstantSource.system();
        var folder = lifecycle.start(
                "data folder", QUICKLY, () -> DataFolder.open(config.data(), "node-broker", DATA_FORMAT));
        var boot = BootNumber.next(folder, 0, clock.millis());
        var metrics = lifecycle.start("metrics", QUICKLY, () -> new Metrics(config.place()));
        var warm = lifecycle.start(
                "retained messages", DISK, () -> openWarm(config.data().resolve("retained"), clock));
        var readers = lifecycle.start("disk readers", QUICKLY, () -> new Blocking());
        var mesh = lifecycle.start("mesh", QUICKLY, () -> new MeshThread());
        var transport = lifecycle.start("loops", CLIENTS_LEAVE, () -> new Transport(config.loops()));
        var trie = new SubscriptionTrie<Subscription>();
        var around = new Broker.Surroundings(
                transport,
                trie,
                new StandaloneMesh(mesh.executor(), trie, transport.loops()),
                new LocalRetained(warm, readers.executor()),
                new Stamps(config.place(), boot, new HybridClock()),
                clock,
                metrics.registry());
        var broker = lifecycle.start("listeners", CLIENTS_LEAVE, () -> Broker.start(config, around));
        if (config.http().isPresent()) {
            var bind = config.http().get().bind();
            lifecycle.start("http", QUICKLY, () -> startHttp(bind, metrics));
        }
        System.out.println("MQTT broker is ready: connect to " + written(broker.addresses()));
        return broker;
    }

    private static WarmTier openWarm(Path folder, InstantSource clock) throws IOException {
        try {
            return WarmTier.open(WarmSettings.small(folder), clock);
        } catch (StoreRefusedException e) {
            throw new StartRefusedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static MetricsHttp startHttp(HostPort bind, Metrics metrics) {
        try {
            return MetricsHttp.start(bind, metrics, new Health());
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

    /** The one thread that writes the subscription trie. */
    private record MeshThread(DefaultEventExecutor executor) implements AutoCloseable {
        MeshThread() {
            this(new DefaultEventExecutor(new DefaultThreadFactory("mesh")));
        }

        @Override
        public void close() {
            executor.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
