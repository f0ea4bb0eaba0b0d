package io.meridianmq.broker;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.AccessConfig;
import io.meridianmq.broker.access.AccessFiles;
import io.meridianmq.broker.access.Verifications;
import io.meridianmq.broker.admin.LiveSettings;
import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.claim.StandaloneClaims;
import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.listener.Transport;
import io.meridianmq.broker.publish.LocalRetained;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.publish.StandaloneMesh;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.fabric.access.RefusedFileException;
import io.meridianmq.fabric.config.ConfigSource;
import io.meridianmq.retained.warm.WarmSettings;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.SubscriptionTrie;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A standalone broker in this process, on free ports: one plain, one behind the PROXY protocol. */
final class RunningBroker implements AutoCloseable {

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final DefaultEventExecutor mesh = new DefaultEventExecutor();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SubscriptionTrie<Subscription> trie = new SubscriptionTrie<>();
    private final Verifications verifications = new Verifications(1, 100, meters);
    private final AccessFiles files;
    private final WarmTier warm;
    private final Transport transport;
    private final Broker broker;

    /** Everybody may do everything. */
    RunningBroker(Path data) throws IOException {
        this(data, """
                listeners:
                  - tcp: 127.0.0.1:0
                  - {tcp: 127.0.0.1:0, proxy-protocol: true}
                """);
    }

    /** With a configuration of its own. */
    RunningBroker(Path data, String yaml) throws IOException {
        var clock = InstantSource.system();
        var config = config(data, yaml);
        warm = WarmTier.open(WarmSettings.small(data.resolve("retained")), clock);
        transport = new Transport(2, config.io());
        var self = new Incarnation(config.place(), 1);
        var stamps = new Stamps(config.place(), clock.millis(), new HybridClock());
        var alone = new StandaloneMesh(self, mesh, trie, transport.loops());
        var claims =
                new StandaloneClaims(self, mesh, transport.loops(), new ClaimEffects(stamps, clock), System::nanoTime);
        var _ = mesh.scheduleWithFixedDelay(claims::tick, 100, 100, TimeUnit.MILLISECONDS);
        files = openFiles(config.access());
        var access = new Access(files.policy(), config.access().mqtt3DeniedPublish(), verifications, meters);
        files.tell(access);
        broker = Broker.start(
                config,
                new Broker.Surroundings(
                        self,
                        transport,
                        trie,
                        _ -> alone,
                        claims,
                        access,
                        new LocalRetained(warm, blocking),
                        () -> warm.figures().keysEstimate(),
                        stamps,
                        new MessageMetrics(meters),
                        clock,
                        meters,
                        new LiveSettings(config.replaceable()),
                        new Drain(),
                        Optional.empty(),
                        Optional.empty()));
        broker.listen(config.listeners());
    }

    int port() {
        return broker.addresses().get(0).port();
    }

    int proxyPort() {
        return broker.addresses().get(1).port();
    }

    /** Subscriptions of all clients that messages are delivered for. */
    int subscriptions() {
        return trie.subscriptionCount();
    }

    /** The port of a listener, in the order of the configuration. */
    int port(int listener) {
        return broker.addresses().get(listener).port();
    }

    /** What a counter stands at. */
    double count(String meter, String... tags) {
        var found = meters.get(meter).tags(tags);
        return found.meter() instanceof FunctionCounter function
                ? function.count()
                : found.counter().count();
    }

    private AccessFiles openFiles(AccessConfig config) throws IOException {
        try {
            return new AccessFiles(config, meters);
        } catch (RefusedFileException e) {
            throw new IOException(e);
        }
    }

    private static BrokerConfig config(Path data, String yaml) throws IOException {
        var file = Files.writeString(Files.createDirectories(data).resolve("broker.yaml"), yaml);
        var source = ConfigSource.load(file, Map.of("MERIDIAN_LOOPS", "2", "MERIDIAN_DATA", data.toString()));
        var config = BrokerConfig.read(source.root());
        source.finish();
        return config;
    }

    @Override
    public void close() {
        broker.close();
        transport.close();
        mesh.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        files.close();
        verifications.close();
        blocking.close();
        warm.close();
    }
}
