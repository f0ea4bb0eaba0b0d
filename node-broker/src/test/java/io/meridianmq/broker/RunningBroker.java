package io.meridianmq.broker;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.Policy;
import io.meridianmq.broker.access.Verifications;
import io.meridianmq.broker.admin.LiveSettings;
import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.claim.StandaloneClaims;
import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.listener.ListenerConfig;
import io.meridianmq.broker.listener.Transport;
import io.meridianmq.broker.publish.LocalRetained;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.publish.StandaloneMesh;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.fabric.config.ConfigSource;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.retained.warm.WarmSettings;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.SubscriptionTrie;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A standalone broker in this process, on free ports: one plain, one behind the PROXY protocol. */
final class RunningBroker implements AutoCloseable {

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final DefaultEventExecutor mesh = new DefaultEventExecutor();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SubscriptionTrie<Subscription> trie = new SubscriptionTrie<>();
    private final Verifications verifications = new Verifications(1, 100);
    private final WarmTier warm;
    private final Transport transport;
    private final Broker broker;

    /** Everybody may do everything. */
    RunningBroker(Path data) throws IOException {
        this(data, Policy.OPEN, true);
    }

    RunningBroker(Path data, Policy policy, boolean anonymous) throws IOException {
        var clock = InstantSource.system();
        var config = config(data, anonymous);
        warm = WarmTier.open(WarmSettings.small(data.resolve("retained")), clock);
        transport = new Transport(2);
        var self = new Incarnation(config.place(), 1);
        var stamps = new Stamps(config.place(), clock.millis(), new HybridClock());
        var alone = new StandaloneMesh(self, mesh, trie, transport.loops());
        var claims =
                new StandaloneClaims(self, mesh, transport.loops(), new ClaimEffects(stamps, clock), System::nanoTime);
        var _ = mesh.scheduleWithFixedDelay(claims::tick, 100, 100, TimeUnit.MILLISECONDS);
        broker = Broker.start(
                config,
                new Broker.Surroundings(
                        config.place().inZone(),
                        transport,
                        trie,
                        _ -> alone,
                        claims,
                        new Access(policy, verifications, meters),
                        new LocalRetained(warm, blocking),
                        stamps,
                        new MessageMetrics(meters),
                        clock,
                        meters,
                        new LiveSettings(config.replaceable()),
                        new Drain()));
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

    private static BrokerConfig config(Path data, boolean anonymous) {
        var source = ConfigSource.empty(Map.of());
        var defaults = BrokerConfig.read(source.root());
        source.finish();
        var connection = defaults.connection().withAnonymous(anonymous);
        var anyPort = new HostPort("127.0.0.1", 0);
        return new BrokerConfig(
                defaults.place(),
                data,
                2,
                List.of(ListenerConfig.tcp(anyPort, connection), new ListenerConfig(anyPort, true, connection, false)),
                defaults.http(),
                defaults.cluster(),
                defaults.limits(),
                connection,
                defaults.session(),
                defaults.access());
    }

    @Override
    public void close() {
        broker.close();
        transport.close();
        mesh.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        verifications.close();
        blocking.close();
        warm.close();
    }
}
