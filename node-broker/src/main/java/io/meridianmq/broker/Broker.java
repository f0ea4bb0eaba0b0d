package io.meridianmq.broker;

import com.google.common.util.concurrent.Uninterruptibles;
import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.admin.LiveSettings;
import io.meridianmq.broker.admin.Operations;
import io.meridianmq.broker.claim.ClaimThread;
import io.meridianmq.broker.claim.KeptSessions;
import io.meridianmq.broker.claim.LoopClaims;
import io.meridianmq.broker.claim.WillFlow;
import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.front.ConnectionMetrics;
import io.meridianmq.broker.front.ConnectionSweep;
import io.meridianmq.broker.front.Host;
import io.meridianmq.broker.front.Traffic;
import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.limit.Entrance;
import io.meridianmq.broker.limit.PartialPackets;
import io.meridianmq.broker.listener.ListenerConfig;
import io.meridianmq.broker.listener.Listeners;
import io.meridianmq.broker.listener.Transport;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.LoopClock;
import io.meridianmq.broker.publish.Fanout;
import io.meridianmq.broker.publish.Mesh;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.broker.publish.RetainedMessages;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.remote.StreamThread;
import io.meridianmq.broker.session.ClientRegistry;
import io.meridianmq.broker.session.SessionMetrics;
import io.meridianmq.broker.session.SessionProxy;
import io.meridianmq.broker.session.SessionStreams;
import io.meridianmq.broker.session.SessionTable;
import io.meridianmq.broker.session.SessionTables;
import io.meridianmq.broker.session.SubscribeFlow;
import io.meridianmq.broker.store.SessionStore;
import io.meridianmq.broker.sys.SysFigures;
import io.meridianmq.broker.sys.SysPublisher;
import io.meridianmq.broker.sys.SysRetained;
import io.meridianmq.broker.sys.SysTopics;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.topic.SubscriptionTrie;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a node that clients see, put together: loops with their sessions and connections, and the listeners in
 * front of them. Where messages of others come from and go to, and where retained messages are, it is given. Clients need
 * nothing beyond the specification. [MQTT-7.0.0-2] [MQTT3-7.0.0-2]
 *
 * <p>For the thread that starts and stops the node.
 */
public final class Broker implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Broker.class);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final Transport transport;
    private final ClaimThread claims;
    private final SessionTables tables;
    private final Optional<SessionStreams> streams;
    private final Entrance entrance;
    private final Listeners listeners;
    private final List<HostPort> addresses = new ArrayList<>();

    /**
     * What a node's clients depend on.
     *
     * @param trie all subscriptions of the node; the mesh is its only writer
     * @param mesh everybody else, as each loop sees them
     * @param self the node in this start
     * @param access who is let in
     * @param claims who has the connection of which client
     * @param retainedCount retained messages that the node itself keeps, about; must not block
     * @param live limits that may change meanwhile
     * @param drain whether clients are asked to go elsewhere
     * @param sessions where durable sessions are kept; without it all sessions end with the process
     * @param streams the way to sessions and connections at other nodes, if there are any
     */
    public record Surroundings(
            Incarnation self,
            Transport transport,
            SubscriptionTrie<Subscription> trie,
            Function<Loop, Mesh> mesh,
            ClaimThread claims,
            Access access,
            RetainedMessages retained,
            LongSupplier retainedCount,
            Stamps stamps,
            MessageMetrics messages,
            InstantSource clock,
            MeterRegistry meters,
            LiveSettings live,
            Drain drain,
            Optional<SessionStore> sessions,
            Optional<StreamThread> streams) {}

    /** One loop's own objects. */
    private record Room(
            Loop loop,
            LoopClock clock,
            HandOff handOff,
            LoopClaims claims,
            PublishFlow publishFlow,
            SessionTable table,
            ConnectionSweep sweep,
            Traffic traffic) {}

    private Broker(
            Surroundings around,
            SessionTables tables,
            Optional<SessionStreams> streams,
            Entrance entrance,
            Listeners listeners) {
        this.transport = around.transport();
        this.claims = around.claims();
        this.tables = tables;
        this.streams = streams;
        this.entrance = entrance;
        this.listeners = listeners;
    }

    /**
     * Starts everything but the listeners: sessions from before a restart are there when this returns, and clients of other
     * nodes can be connected to them.
     *
     * @throws StartRefusedException if the thread is interrupted meanwhile
     */
    public static Broker start(BrokerConfig config, Surroundings around) {
        var registry = new ClientRegistry();
        var entrance = new Entrance(
                around.live()::connections,
                config.limits().connectionsPerAddress(),
                config.limits().connectionRate(),
                System::nanoTime);
        var sessionMetrics = new SessionMetrics(around.meters(), registry);
        var traffic = around.transport().loops().all().stream()
                .map(_ -> new Traffic())
                .toList();
        var sources = figures(around, entrance, registry, sessionMetrics, traffic);
        var sys = new SysTopics(SysFigures.of(sources), around.stamps(), around.clock());
        var tellsFigures = config.sysInterval().isPositive();
        var retained = tellsFigures ? new SysRetained(around.retained(), sys) : around.retained();
        var rooms = rooms(around, registry, sessionMetrics, retained, traffic);
        var tables = new SessionTables(rooms.stream().map(Room::table).toList(), registry);
        var wills = new WillFlow(
                around.self().place().inZone(),
                around.transport().loops(),
                rooms.stream().map(Room::publishFlow).toList(),
                around.claims());
        around.sessions().ifPresent(store -> restore(store, around, tables));
        var streams = around.streams()
                .map(thread -> SessionStreams.open(thread, tables, around.clock(), System::nanoTime, around.meters()));
        around.claims()
                .connect(
                        wills::publish,
                        streams.<KeptSessions>map(known -> known).orElse(tables));
        var partial = new PartialPackets(config.limits().partialPacketBytes());
        var connectionMetrics = new ConnectionMetrics(around.meters(), entrance, partial);
        connectionMetrics.follow(traffic);
        var hosts = hosts(around, rooms, tables, streams, connectionMetrics, partial);
        var listeners = new Listeners(
                around.transport(),
                loop -> hosts.get(loop.index()),
                around.live()::connection,
                entrance,
                config.limits().outboundBytes(),
                around.meters());
        around.transport().everyTick(loop -> {
            var room = rooms.get(loop.index());
            var nowNanos = System.nanoTime();
            room.table().tick();
            room.sweep().tick(nowNanos);
            streams.ifPresent(known -> known.sessionsOf(loop.index()).tick());
            room.sweep().askToLeave(around.drain().take(room.sweep().size(), nowNanos));
        });
        if (tellsFigures) {
            tellFigures(
                    around.transport(),
                    sys,
                    config.sysInterval(),
                    rooms.getFirst().publishFlow());
        }
        return new Broker(around, tables, streams, entrance, listeners);
    }

    /**
     * Accepts clients from now on.
     *
     * @throws StartRefusedException if a listener cannot listen
     */
    public void listen(List<ListenerConfig> configs) {
        configs.forEach(listener -> addresses.add(listeners.listen(listener)));
    }

    private static void restore(SessionStore store, Surroundings around, SessionTables tables) {
        var homes = store.restoredClaims(around.self());
        around.claims()
                .execute((claims, nowNanos) ->
                        homes.forEach(kept -> claims.homes().restore(kept, nowNanos)));
        try {
            tables.restore(store.takeRestored());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefusedException("interrupted while durable sessions were restored", e);
        }
    }

    private static void tellFigures(Transport transport, SysTopics sys, Duration interval, PublishFlow publishFlow) {
        var publisher = new SysPublisher(sys, interval, publishFlow::deliverHere, System.nanoTime());
        transport.everyTick(loop -> {
            if (loop.index() == 0) {
                publisher.tick(System.nanoTime());
            }
        });
    }

    private static SysFigures.Sources figures(
            Surroundings around,
            Entrance entrance,
            ClientRegistry registry,
            SessionMetrics sessions,
            List<Traffic> traffic) {
        var startNanos = System.nanoTime();
        return new SysFigures.Sources(
                () -> TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNanos),
                entrance::open,
                registry::count,
                around.trie()::subscriptionCount,
                around.retainedCount(),
                () -> sum(traffic, Traffic::packetsReceived),
                () -> sum(traffic, Traffic::packetsSent),
                () -> sum(traffic, Traffic::bytesReceived),
                () -> sum(traffic, Traffic::bytesSent),
                around.messages()::published,
                around.messages()::delivered,
                sessions::dropped);
    }

    private static long sum(List<Traffic> traffic, ToLongFunction<Traffic> figure) {
        return traffic.stream().mapToLong(figure).sum();
    }

    private static List<Room> rooms(
            Surroundings around,
            ClientRegistry registry,
            SessionMetrics sessionMetrics,
            RetainedMessages retained,
            List<Traffic> traffic) {
        var loops = around.transport().loops();
        var shared =
                new SessionTable.Shared(registry, around.live()::session, sessionMetrics, around.stamps(), retained);
        var rooms = new ArrayList<Room>();
        for (var loop : loops.all()) {
            var handOff = HandOff.ofLoop(loops, loop);
            var clock = new LoopClock(loop, around.clock(), System::nanoTime);
            var fanout = new Fanout(loops, handOff, around.trie(), around.messages(), clock);
            var mesh = around.mesh().apply(loop);
            var publishFlow = new PublishFlow(retained, mesh, fanout, around.messages());
            var claims = new LoopClaims(loop, around.claims());
            var journal = around.sessions().map(store -> store.journal(loop));
            journal.ifPresent(loop::keptBy);
            var table =
                    new SessionTable(loop, clock, shared, publishFlow, new SubscribeFlow(mesh, clock), claims, journal);
            rooms.add(new Room(
                    loop,
                    clock,
                    handOff,
                    claims,
                    publishFlow,
                    table,
                    new ConnectionSweep(),
                    traffic.get(loop.index())));
        }
        return rooms;
    }

    private static List<Host> hosts(
            Surroundings around,
            List<Room> rooms,
            SessionTables tables,
            Optional<SessionStreams> streams,
            ConnectionMetrics metrics,
            PartialPackets partial) {
        SessionProxy.HandOffs handOffs = loop -> rooms.get(loop.index()).handOff();
        return rooms.stream()
                .map(room -> new Host(
                        new SessionProxy.Here(
                                room.loop(),
                                room.handOff(),
                                tables,
                                handOffs,
                                streams.map(
                                        known -> known.sessionsOf(room.loop().index()))),
                        room.claims(),
                        around.access(),
                        metrics,
                        room.sweep(),
                        around.drain(),
                        room.clock(),
                        room.clock()::nanos,
                        new OutgoingPublish(),
                        partial,
                        room.traffic()))
                .toList();
    }

    /** Where clients can connect, in the order of the configuration, with actual ports. */
    public List<HostPort> addresses() {
        return List.copyOf(addresses);
    }

    /** The clients, for operators. */
    Operations.Clients clients() {
        return new Operations.Clients(tables, entrance::open);
    }

    /** Takes no more clients and closes the connections of those there are; this node's part in their wills is done. */
    @Override
    public void close() {
        listeners.close();
        onAllLoops(table -> {
            table.closeAll(CloseReason.SERVER_SHUTTING_DOWN);
            streams.ifPresent(known -> known.sessionsOf(table.index()).closeAll(CloseReason.SERVER_SHUTTING_DOWN));
        });
        onAllLoops(_ -> {}); // What the closing of connections led to has been handed to the claims when this is done.
        var known = new CountDownLatch(1);
        claims.execute((_, _) -> known.countDown());
        await(known);
        onAllLoops(_ -> {}); // The wills that led to.
    }

    private void onAllLoops(Consumer<SessionTable> task) {
        var done = new CountDownLatch(tables.all().size());
        for (var table : tables.all()) {
            transport.loops().get(table.index()).execute(() -> {
                task.accept(table);
                transport.loops().get(table.index()).atEndOfIteration(done::countDown);
            });
        }
        await(done);
    }

    private static void await(CountDownLatch done) {
        if (!Uninterruptibles.awaitUninterruptibly(done, CLOSE_MAX)) {
            log.warn("clients were not all disconnected within {}: their connections end with the process", CLOSE_MAX);
        }
    }
}
