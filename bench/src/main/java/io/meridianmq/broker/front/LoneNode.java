package io.meridianmq.broker.front;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.AccessConfig.Mqtt3DeniedPublish;
import io.meridianmq.broker.access.Policy;
import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.claim.ClaimMeters;
import io.meridianmq.broker.claim.LoopClaims;
import io.meridianmq.broker.claim.StandaloneClaims;
import io.meridianmq.broker.claim.WillFlow;
import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.codec.PacketEncoder;
import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.limit.Entrance;
import io.meridianmq.broker.limit.PartialPackets;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.LoopClock;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.packet.ConnectPacket;
import io.meridianmq.broker.packet.ConnectProperties;
import io.meridianmq.broker.packet.Packet;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.Subscription;
import io.meridianmq.broker.publish.Fanout;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.NothingRetained;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.publish.StandaloneMesh;
import io.meridianmq.broker.session.ClientRegistry;
import io.meridianmq.broker.session.SessionMetrics;
import io.meridianmq.broker.session.SessionProxy;
import io.meridianmq.broker.session.SessionTable;
import io.meridianmq.broker.session.SessionTables;
import io.meridianmq.broker.session.SubscribeFlow;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * A node of its own with one loop, wired as a broker is but for the network and the disk: clients are {@link SinkChannel}s,
 * and nothing is kept. Run by one thread.
 */
public final class LoneNode {

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ArrayDeque<Runnable> atEnd = new ArrayDeque<>();
    private final ByteBufAllocator allocator;
    private final Host host;

    /** With buffers like those of a broker. */
    public LoneNode() {
        this(PooledByteBufAllocator.DEFAULT);
    }

    /** @param allocator of the buffers of all channels */
    public LoneNode(ByteBufAllocator allocator) {
        this.allocator = allocator;
        var self = new Incarnation(Place.node("r", "z", "1"), 1);
        var meters = new SimpleMeterRegistry();
        var loop = new Loop(0, tasks::add, atEnd::add);
        var clock = new LoopClock(loop, InstantSource.system(), System::nanoTime);
        var loops = new Loops(List.of(loop));
        var trie = new SubscriptionTrie<io.meridianmq.core.session.Subscription>();
        var mesh = new StandaloneMesh(self, tasks::add, trie, loops);
        var registry = new ClientRegistry();
        var stamps = new Stamps(self.place(), self.boot(), new HybridClock());
        var claims = new StandaloneClaims(
                self, tasks::add, loops, new ClaimEffects(stamps, InstantSource.system()), System::nanoTime);
        claims.measuredBy(new ClaimMeters(meters));
        var messageMetrics = new MessageMetrics(meters);
        var retained = new NothingRetained();
        var handOff = HandOff.ofLoop(loops, loop);
        var flow = new PublishFlow(
                retained, mesh, new Fanout(loops, handOff, trie, messageMetrics, clock), messageMetrics);
        var loopClaims = new LoopClaims(loop, claims);
        var shared = new SessionTable.Shared(
                registry, () -> SessionLimits.DEFAULT, new SessionMetrics(meters, registry), stamps, retained);
        var table = new SessionTable(
                loop, clock, shared, flow, new SubscribeFlow(mesh, clock), loopClaims, Optional.empty());
        var tables = new SessionTables(List.of(table), registry);
        var wills = new WillFlow(self.place().inZone(), loops, List.of(flow), claims);
        claims.connect(wills::publish, tables);
        var partial = new PartialPackets(10_000_000);
        host = new Host(
                new SessionProxy.Here(loop, handOff, tables, _ -> handOff, Optional.empty()),
                loopClaims,
                new Access(Policy.OPEN, Mqtt3DeniedPublish.ACKNOWLEDGE, Runnable::run, meters),
                new ConnectionMetrics(meters, new Entrance(() -> 1_000_000, 0, 0, System::nanoTime), partial),
                new ConnectionSweep(),
                new Drain(),
                clock,
                clock::nanos,
                new OutgoingPublish(),
                partial,
                new Traffic());
    }

    /** What its connections share. */
    public Host host() {
        return host;
    }

    /** A client that has connected with a fresh session. */
    public SinkChannel connect(ProtocolVersion version, String clientId) {
        var channel = new SinkChannel();
        channel.config().setAllocator(allocator);
        Connection.addTo(channel, host, ConnectionSettings.DEFAULT);
        send(
                channel,
                version,
                new ConnectPacket(
                        version,
                        true,
                        0,
                        clientId,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ConnectProperties.NONE));
        return channel;
    }

    /** Lets a client subscribe. */
    public void subscribe(SinkChannel channel, ProtocolVersion version, String filter, Qos qos) {
        send(
                channel,
                version,
                new SubscribePacket(1, List.of(new Subscription(TopicFilter.of(filter), qos)), 0, List.of()));
    }

    /** A client's connection breaks, and its session ends, with all that it holds. */
    public void disconnect(EmbeddedChannel channel) {
        channel.finishAndReleaseAll();
        run();
    }

    /** Bytes come from a client; its share of them passes to this call. Runs everything that this brings about. */
    public void receive(EmbeddedChannel channel, ByteBuf bytes) {
        channel.pipeline().fireChannelRead(bytes).fireChannelReadComplete();
        run();
    }

    private void send(SinkChannel channel, ProtocolVersion version, Packet packet) {
        var out = channel.alloc().buffer();
        PacketEncoder.unlimited(version).encode(packet, out);
        receive(channel, out);
        if (!channel.isOpen()) {
            throw new IllegalStateException("the node has closed the connection after " + packet);
        }
    }

    /** One iteration of the loop after the other, until there is nothing more to do. */
    private void run() {
        do {
            for (var task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            for (var task = atEnd.poll(); task != null; task = atEnd.poll()) {
                task.run();
            }
        } while (!tasks.isEmpty());
    }
}
