package io.meridianmq.broker.front;

import io.meridianmq.broker.access.Access;
import io.meridianmq.broker.access.AccessConfig.Mqtt3DeniedPublish;
import io.meridianmq.broker.access.Policy;
import io.meridianmq.broker.access.WithoutPassword;
import io.meridianmq.broker.claim.ClaimEffects;
import io.meridianmq.broker.claim.ClaimMeters;
import io.meridianmq.broker.claim.LoopClaims;
import io.meridianmq.broker.claim.StandaloneClaims;
import io.meridianmq.broker.claim.WillFlow;
import io.meridianmq.broker.codec.OutgoingPublish;
import io.meridianmq.broker.limit.Drain;
import io.meridianmq.broker.limit.Entrance;
import io.meridianmq.broker.limit.PartialPackets;
import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.broker.loop.Loop;
import io.meridianmq.broker.loop.Loops;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.publish.Fanout;
import io.meridianmq.broker.publish.MessageMetrics;
import io.meridianmq.broker.publish.PublishFlow;
import io.meridianmq.broker.publish.Stamps;
import io.meridianmq.broker.publish.StandaloneMesh;
import io.meridianmq.broker.remote.JoinedNodes;
import io.meridianmq.broker.session.ClientRegistry;
import io.meridianmq.broker.session.SessionMetrics;
import io.meridianmq.broker.session.SessionProxy;
import io.meridianmq.broker.session.SessionStreams;
import io.meridianmq.broker.session.SessionTable;
import io.meridianmq.broker.session.SessionTables;
import io.meridianmq.broker.session.SubscribeFlow;
import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.SessionLimits;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.topic.SubscriptionTrie;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** A node of one or more loops, all run by the test's thread, with embedded channels as clients and a clock to set. */
final class EmbeddedNode implements AutoCloseable {

    private static final ConnectionSettings SETTINGS = new ConnectionSettings(
            1_000,
            10,
            5,
            Duration.ofSeconds(10),
            WithoutPassword.DEFAULT,
            "elsewhere:1883",
            ClientLimits.DEFAULT,
            ProtocolSettings.DEFAULT);

    private static final Incarnation SELF = new Incarnation(Place.node("r", "z", "1"), 1);
    private static final Incarnation ELSEWHERE = new Incarnation(Place.node("r", "z", "2"), 1);

    final PartialPackets partial = new PartialPackets(10_000);
    final Drain drain = new Drain();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SimpleMeterRegistry metersElsewhere = new SimpleMeterRegistry();
    final RememberedRetained retained = new RememberedRetained();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<EmbeddedClient> clients = new ArrayList<>();
    private final List<Host> hosts = new ArrayList<>();
    private final SessionTables sessionTables;
    private final List<SessionTable> tables = new ArrayList<>();
    private final StandaloneClaims claims;
    private ConnectionSettings settings;
    final Access access;
    final Traffic traffic = new Traffic();
    private long nowMillis = 1_000_000;

    /** Of another node, which has connections and no sessions; it shares loops and all else with this one. */
    private final List<Host> hostsElsewhere = new ArrayList<>();

    final JoinedNodes joined;
    private Sessions place = Sessions.HERE;

    /** Where the sessions of a node's clients are. */
    enum Sessions {
        HERE,
        AT_ANOTHER_NODE
    }

    /** Everybody may do everything, and sessions are here. */
    EmbeddedNode(int loopCount) {
        this(loopCount, Sessions.HERE);
    }

    /** Everybody may do everything. */
    EmbeddedNode(int loopCount, Sessions place) {
        this(loopCount, place, Policy.OPEN, Mqtt3DeniedPublish.ACKNOWLEDGE);
    }

    /** Sessions are where they are wanted. */
    EmbeddedNode(int loopCount, Sessions place, Policy policy, Mqtt3DeniedPublish mqtt3DeniedPublish) {
        this(loopCount, policy, true, Runnable::run, mqtt3DeniedPublish);
        this.place = place;
    }

    /** @param verifications runs what is slow */
    EmbeddedNode(int loopCount, Policy policy, boolean anonymous, Executor verifications) {
        this(loopCount, policy, anonymous, verifications, Mqtt3DeniedPublish.ACKNOWLEDGE);
    }

    EmbeddedNode(
            int loopCount,
            Policy policy,
            boolean anonymous,
            Executor verifications,
            Mqtt3DeniedPublish mqtt3DeniedPublish) {
        settings = SETTINGS.with(new WithoutPassword(anonymous, true));
        access = new Access(policy, mqtt3DeniedPublish, verifications, meters);
        var all = new ArrayList<Loop>();
        for (var i = 0; i < loopCount; i++) {
            all.add(new Loop(i, tasks::add, tasks::add));
        }
        var loops = new Loops(all);
        InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
        var trie = new SubscriptionTrie<Subscription>();
        var mesh = new StandaloneMesh(SELF, tasks::add, trie, loops);
        var registry = new ClientRegistry();
        var stamps = new Stamps(SELF.place(), SELF.boot(), new HybridClock());
        claims = new StandaloneClaims(
                SELF, tasks::add, loops, new ClaimEffects(stamps, clock), () -> nowMillis * 1_000_000);
        claims.measuredBy(new ClaimMeters(meters));
        var messageMetrics = new MessageMetrics(meters);
        var shared = new SessionTable.Shared(
                registry, () -> SessionLimits.DEFAULT, new SessionMetrics(meters, registry), stamps, retained);
        var handOffs = new ArrayList<HandOff>();
        var flows = new ArrayList<PublishFlow>();
        var loopClaims = new ArrayList<LoopClaims>();
        for (var loop : all) {
            var handOff = HandOff.ofLoop(loops, loop);
            var fanout = new Fanout(loops, handOff, trie, messageMetrics, clock);
            handOffs.add(handOff);
            flows.add(new PublishFlow(retained, mesh, fanout, messageMetrics));
            loopClaims.add(new LoopClaims(loop, claims));
            tables.add(new SessionTable(
                    loop,
                    clock,
                    shared,
                    flows.getLast(),
                    new SubscribeFlow(mesh, clock),
                    loopClaims.getLast(),
                    Optional.empty()));
        }
        sessionTables = new SessionTables(tables, registry);
        var wills = new WillFlow(SELF.place().inZone(), loops, flows, claims);
        claims.connect(wills::publish, sessionTables);
        var connectionMetrics =
                new ConnectionMetrics(meters, new Entrance(() -> 100, 0, 0, () -> nowMillis * 1_000_000), partial);
        joined = new JoinedNodes(tasks::add, loops, SELF, ELSEWHERE);
        var ends = List.of(
                SessionStreams.open(joined.first(), sessionTables, clock, () -> nowMillis * 1_000_000, meters),
                SessionStreams.open(
                        joined.second(), sessionTables, clock, () -> nowMillis * 1_000_000, metersElsewhere));
        for (var loop : all) {
            var sweep = new ConnectionSweep();
            Function<SessionStreams, Host> host = streams -> new Host(
                    new SessionProxy.Here(
                            loop,
                            handOffs.get(loop.index()),
                            sessionTables,
                            other -> handOffs.get(other.index()),
                            Optional.of(streams.sessionsOf(loop.index()))),
                    loopClaims.get(loop.index()),
                    access,
                    connectionMetrics,
                    sweep,
                    drain,
                    clock,
                    () -> nowMillis * 1_000_000,
                    new OutgoingPublish(),
                    partial,
                    traffic);
            hosts.add(host.apply(ends.getFirst()));
            hostsElsewhere.add(host.apply(ends.getLast()));
        }
    }

    /** Sets how large packets of connections made from now on may be. */
    EmbeddedNode withPacketsUpTo(int bytes) {
        settings = settings.withMaximumPacketSize(bytes);
        return this;
    }

    /** Sets what connections made from now on go by. */
    EmbeddedNode with(ProtocolSettings protocol) {
        return with(settings.limits(), protocol);
    }

    /** Sets what clients that connect from now on may do at most. */
    EmbeddedNode with(ClientLimits limits) {
        return with(limits, settings.protocol());
    }

    private EmbeddedNode with(ClientLimits limits, ProtocolSettings protocol) {
        settings = new ConnectionSettings(
                settings.maximumPacketSize(),
                settings.receiveMaximum(),
                settings.topicAliasMaximum(),
                settings.connectTimeout(),
                settings.withoutPassword(),
                settings.serverReference(),
                limits,
                protocol);
        return this;
    }

    /** A client whose connection is on a loop; it has not sent CONNECT. */
    EmbeddedClient client(ProtocolVersion version, int loop) {
        return client(version, loop, place);
    }

    /** A client that is connected to the node with the sessions, or to the other one. */
    EmbeddedClient client(ProtocolVersion version, int loop, Sessions sessions) {
        var client = new EmbeddedClient(this, version);
        clients.add(client);
        var host = switch (sessions) {
            case HERE -> hosts.get(loop);
            case AT_ANOTHER_NODE -> hostsElsewhere.get(loop);
        };
        Connection.addTo(client.channel(), host, settings);
        return client;
    }

    EmbeddedClient client(ProtocolVersion version) {
        return client(version, 0);
    }

    /** Runs everything that is to be run, on all loops. */
    void run() {
        clients.forEach(client -> client.channel().runPendingTasks());
        for (var task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            clients.forEach(client -> client.channel().runPendingTasks());
        }
    }

    /** Lets time pass. */
    void pass(Duration time) {
        nowMillis += time.toMillis();
        hosts.forEach(host -> host.sweep().tick(nowMillis * 1_000_000));
        tables.forEach(SessionTable::tick);
        claims.tick();
        run();
    }

    /** Asks so many clients of a loop to leave. */
    void askToLeave(int loop, int count) {
        hosts.get(loop).sweep().askToLeave(count);
        run();
    }

    /** What an operator sees of a client's session. */
    Optional<Answer.SessionView> look(String clientId) {
        var seen = new ArrayList<Answer.SessionView>();
        sessionTables.look(clientId, session -> session.ifPresent(seen::add));
        run();
        return seen.stream().findFirst();
    }

    /** An operator closes a client's connection; false if there is none. */
    boolean disconnect(String clientId) {
        var done = new ArrayList<Boolean>();
        sessionTables.disconnect(clientId, CloseReason.ADMINISTRATIVE_ACTION, done::add);
        run();
        return done.getFirst();
    }

    double count(String meter, String... tags) {
        var found = meters.find(meter).tags(tags).counter();
        if (found != null) {
            return found.count();
        }
        var function = meters.find(meter).tags(tags).functionCounter();
        return function == null ? 0 : function.count();
    }

    /** Those that never expire would keep their messages. */
    private void endSessions() {
        var clientIds = clients.stream()
                .flatMap(client -> client.clientId().stream())
                .distinct()
                .toList();
        clientIds.forEach(clientId ->
                client(ProtocolVersion.MQTT_5).connect(clientId, true, 0).drop());
    }

    @Override
    public void close() {
        clients.forEach(EmbeddedClient::drop);
        run();
        endSessions();
        tables.forEach(table -> table.closeAll(CloseReason.SERVER_SHUTTING_DOWN));
        pass(Duration.ofDays(100_000)); // All sessions but those that never expire end, and release what they hold.
        run();
        retained.close();
    }
}
