package io.meridianmq.bench;

import io.meridianmq.core.claim.ClaimOutlet;
import io.meridianmq.core.claim.ClaimSettings;
import io.meridianmq.core.claim.ClaimedConnection;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.mesh.NodeClaims;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.Slot;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotRoles;
import io.meridianmq.core.slot.SlotSettings;
import io.meridianmq.core.slot.SlotTable;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One open of a client that has a connection already: its front, its slot's owner and the standby agree, and the earlier
 * connection ends. All three parts run in this thread, without a link between them.
 *
 * <p>The baseline is what a broker on its own would do: to replace the connection in a map.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class ClaimBenchmark {

    private static final int BATCH = 1_000;
    private static final long STEP_NANOS = 1_000_000;

    /** Clients that are connected all the time. */
    @Param("500000")
    public int clients;

    private final Queue<Runnable> underWay = new ArrayDeque<>();
    private final Map<String, ClaimedConnection> map = new HashMap<>();
    private List<Node> nodes;
    private long nowNanos;
    private int next;
    private long opened;

    /** Every client connects for the first time. */
    @Setup(Level.Trial)
    public void fill() {
        nodes = IntStream.rangeClosed(1, 3).mapToObj(Node::new).toList();
        var members = nodes.stream()
                .map(node -> new Member(node.self.place(), node.self.boot(), "", "", ""))
                .toList();
        var slot = new Slot(Optional.of(nodes.get(1).self), Optional.of(nodes.get(2).self), Optional.empty(), 1);
        var table = new SlotTable(1, Collections.nCopies(SlotHash.COUNT, slot));
        for (var node : nodes) {
            node.claims.onView(MembershipView.of(1, members), nowNanos);
            node.roles.onTable(table, nowNanos);
            node.claims.onSlots(table, nowNanos);
        }
        for (var i = 0; i < clients; i += BATCH) {
            open();
        }
        for (var i = 0; i < clients; i += BATCH) {
            openInMap();
        }
    }

    /** A thousand clients connect again. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void open() {
        var before = opened;
        for (var i = 0; i < BATCH; i++) {
            nodes.getFirst().claims.open(nextClient(), true, 0, Optional.empty(), new Connection(), nowNanos);
        }
        for (var rounds = 0; opened < before + BATCH; rounds++) {
            if (rounds > BATCH) {
                throw new IllegalStateException("only " + (opened - before) + " of " + BATCH + " clients were let in");
            }
            nowNanos += STEP_NANOS;
            nodes.forEach(node -> node.claims.flush(nowNanos));
            for (var message = underWay.poll(); message != null; message = underWay.poll()) {
                message.run();
            }
        }
    }

    /** The same with a map. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void openInMap() {
        for (var i = 0; i < BATCH; i++) {
            var earlier = map.put(nextClient(), new Connection());
            if (earlier != null) {
                earlier.expelled(ClaimedConnection.Expulsion.TAKEN_OVER, true);
            }
        }
    }

    private String nextClient() {
        next = (next + 1) % clients;
        return "client-%013d".formatted(next);
    }

    private final class Connection implements ClaimedConnection {

        @Override
        public void granted(ConnectionNumber number, boolean continues, Incarnation home) {
            opened++;
        }

        @Override
        public void refused(Refusal reason) {
            throw new IllegalStateException("refused: " + reason);
        }

        @Override
        public void expelled(Expulsion reason, boolean sessionEnds) {
            // The next connection has its place.
        }
    }

    private final class Node implements ClaimOutlet {

        private final Incarnation self;
        private final NodeClaims claims;
        private final SlotRoles roles;

        Node(int number) {
            self = new Incarnation(Place.node("r", "z", String.valueOf(number)), 1);
            claims = new NodeClaims(self, ClaimSettings.DEFAULT, this, this::send, () -> false, nowNanos);
            claims.announce(nowNanos);
            roles = new SlotRoles(self, SlotSettings.DEFAULT, List.of(claims));
        }

        private void send(Incarnation to, SlotMessage message) {
            underWay.add(() -> nodes.stream()
                    .filter(node -> node.self.equals(to))
                    .forEach(node -> node.claims.onMessages(self, (SlotMessage.Claims) message, nowNanos)));
        }

        @Override
        public long stamp() {
            return nowNanos;
        }

        @Override
        public void publishWill(DueWill will) {
            throw new IllegalStateException("nobody has a will: " + will);
        }

        @Override
        public void endSession(String clientId, ConnectionNumber number, Optional<Incarnation> heir) {
            throw new IllegalStateException("nobody waits for its client: " + clientId);
        }

        @Override
        public void willDone(String clientId, ConnectionNumber number) {
            throw new IllegalStateException("nobody has a will: " + clientId);
        }
    }
}
