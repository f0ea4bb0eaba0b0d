package io.meridianmq.broker.session;

import io.meridianmq.broker.claim.KeptSessions;
import io.meridianmq.broker.remote.LoopStreams;
import io.meridianmq.broker.remote.MalformedMessageException;
import io.meridianmq.broker.remote.Passages;
import io.meridianmq.broker.remote.StreamThread;
import io.meridianmq.broker.remote.ToSession;
import io.meridianmq.broker.remote.ToSessionCodec;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.stream.StreamOutlet;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where what other nodes say about sessions and connections goes: to the loop that has them. What concerns a connection
 * that is not known any more is left out. Belongs to the mesh thread.
 */
public final class SessionStreams implements StreamOutlet, KeptSessions {

    private static final Logger log = LoggerFactory.getLogger(SessionStreams.class);

    private final StreamThread thread;
    private final Passages passages;
    private final SessionTables tables;
    private final List<End> ends;
    private final RemoteMetrics metrics;
    private final ToSessionCodec codec;

    /** Connections at other nodes with sessions here, by the front's number. */
    private final Map<Incarnation, Map<Long, RemoteClient>> clients = new HashMap<>();

    /** What one loop has of both. */
    private record End(LoopStreams streams, RemoteSessions sessions) {}

    private SessionStreams(
            StreamThread thread,
            Passages passages,
            SessionTables tables,
            List<End> ends,
            RemoteMetrics metrics,
            ToSessionCodec codec) {
        this.thread = thread;
        this.passages = passages;
        this.tables = tables;
        this.ends = List.copyOf(ends);
        this.metrics = metrics;
        this.codec = codec;
    }

    /**
     * Lets a node's sessions have clients at other nodes, and its clients sessions there. Any thread.
     *
     * @param clock the wall clock, by which messages expire
     * @param nanoClock monotonic, by which what broke off is tried again
     */
    public static SessionStreams open(
            StreamThread thread,
            SessionTables tables,
            InstantSource clock,
            LongSupplier nanoClock,
            MeterRegistry meters) {
        var passages = new Passages(thread);
        var metrics = new RemoteMetrics(meters);
        var shared = new RemoteSessions.Shared(tables.all().size(), thread.self(), passages, metrics, nanoClock);
        var ends = tables.all().stream()
                .map(table -> {
                    var streams = new LoopStreams(table.loop(), thread, clock);
                    return new End(streams, new RemoteSessions(table.loop(), streams, shared));
                })
                .toList();
        var opened = new SessionStreams(thread, passages, tables, ends, metrics, new ToSessionCodec(clock));
        thread.connectStreams(opened);
        return opened;
    }

    /** The connections of a loop whose sessions are elsewhere. Any thread. */
    public RemoteSessions sessionsOf(int loop) {
        return ends.get(loop).sessions();
    }

    @Override
    public void arrived(Incarnation peer, StreamItem item) {
        try {
            switch (passages.arrived(peer, item)) {
                case OPENS_SESSION -> attach(peer, item);
                case TO_SESSION ->
                    toSession(clients.getOrDefault(peer, Map.of()).get(item.connection()), item);
                case LEAVES_SESSION -> toSession(forget(peer, item.connection()), item);
                case TO_CLIENT -> toClient(item);
                case BEQUEATHS -> inherit(peer, item);
                case ROOM -> clients.getOrDefault(peer, Map.of()).values().forEach(this::tellRoom);
                case NOTHING -> {}
            }
        } catch (MalformedMessageException e) {
            log.error("what {} says cannot be read and is left out: {}", peer, e.getMessage());
            metrics.malformed.increment();
        }
    }

    @Override
    public void streamEnded(Incarnation peer) {
        var lost = clients.remove(peer);
        if (lost != null) {
            lost.values().forEach(client -> onLoop(client, client::lost));
            metrics.clientsElsewhere.addAndGet(-lost.size());
        }
        passages.ended(peer)
                .ifPresent(way -> tables.all()
                        .forEach(table -> thread.toLoops()
                                .add(
                                        table.loop(),
                                        () -> ends.get(table.index()).sessions().ended(way),
                                        0)));
    }

    private void attach(Incarnation front, StreamItem item) {
        var attach = (ToSession.Attach) codec.read(item.body());
        var table = tables.homeOf(attach.clientId());
        var client = new RemoteClient(
                ends.get(table.index()).streams(),
                passages.to(front),
                item.connection(),
                table,
                attach.view(),
                metrics);
        clients.computeIfAbsent(front, _ -> new HashMap<>()).put(item.connection(), client);
        metrics.clientsElsewhere.incrementAndGet();
        var request = new SessionRequest(
                attach.clientId(), attach.opening(), attach.continues(), attach.number(), attach.will(), front);
        onLoop(client, () -> client.attach(request));
    }

    private void inherit(Incarnation from, StreamItem item) {
        var message = (ToSession.Bequeath) codec.read(item.body());
        var table = tables.homeOf(message.clientId());
        var streams = ends.get(table.index()).streams();
        var way = passages.to(from);
        thread.toLoops()
                .add(
                        table.loop(),
                        () -> table.inheritance()
                                .inherit(message, answer -> streams.tellClient(way, item.connection(), answer)),
                        item.body().sizeBytes());
    }

    @Override
    public void end(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
        if (heir.isEmpty()) {
            tables.end(clientId, number, heir);
            return;
        }
        var table = tables.homeOf(clientId);
        var sessions = ends.get(table.index()).sessions();
        table.loop().execute(() -> sessions.bequeath(table, clientId, number, heir.get()));
    }

    @Override
    public void willDone(String clientId, ConnectionNumber number) {
        tables.willDone(clientId, number);
    }

    private @Nullable RemoteClient forget(Incarnation front, long connection) {
        var ofFront = clients.get(front);
        if (ofFront == null) {
            return null;
        }
        var client = ofFront.remove(connection);
        if (client != null) {
            metrics.clientsElsewhere.decrementAndGet();
        }
        if (ofFront.isEmpty()) {
            clients.remove(front);
        }
        return client;
    }

    private void toSession(@Nullable RemoteClient client, StreamItem item) {
        if (client != null) {
            thread.toLoops()
                    .add(
                            client.table().loop(),
                            () -> client.arrived(item.body()),
                            item.body().sizeBytes());
        }
    }

    private void toClient(StreamItem item) {
        var index = RemoteSessions.loopOf(item.connection(), ends.size());
        var sessions = ends.get(index).sessions();
        thread.toLoops()
                .add(
                        tables.all().get(index).loop(),
                        () -> sessions.arrived(item),
                        item.body().sizeBytes());
    }

    private void tellRoom(RemoteClient client) {
        onLoop(client, client::roomOnWay);
    }

    private void onLoop(RemoteClient client, Runnable task) {
        thread.toLoops().add(client.table().loop(), task, 0);
    }
}
