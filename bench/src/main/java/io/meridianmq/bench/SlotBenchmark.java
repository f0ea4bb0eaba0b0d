package io.meridianmq.bench;

import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.core.slot.SlotPlanner;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.core.slot.ZoneMembers;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Who serves a client, as every message asks; and a new plan of who serves whom, as a node's arrival or end asks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class SlotBenchmark {

    private static final int CLIENTS = 1 << 12;
    private static final int STEPS_MAX = 10;

    /** Of the zone. */
    @Param("50")
    public int nodes;

    private final String[] clientIds = new String[CLIENTS];
    private List<Incarnation> members;
    private SlotTable table;
    private int next;

    /** Lets the zone come to rest. */
    @Setup(Level.Trial)
    public void fill() {
        members = IntStream.range(0, nodes)
                .mapToObj(i -> new Incarnation(Place.node("r", "z", "n" + i), 1))
                .toList();
        var everything = new BitSet();
        everything.set(0, SlotHash.COUNT);
        table = SlotTable.EMPTY;
        var zone = new ZoneMembers(members, Set.of(), Set.of());
        for (var i = 0; i < STEPS_MAX; i++) {
            table = SlotPlanner.next(table, zone, everything).orElse(table);
        }
        for (var i = 0; i < CLIENTS; i++) {
            clientIds[i] = "client-%013d".formatted(i);
        }
    }

    /** Budget: 50 ns, 0 B. */
    @Benchmark
    public Optional<Incarnation> ownerOfClient() {
        next = (next + 1) & (CLIENTS - 1);
        return table.owner(SlotHash.ofClient(clientIds[next]));
    }

    /** One node has gone: all 4,096 slots are looked at. */
    @Benchmark
    public Optional<SlotTable> planWithoutOne() {
        return SlotPlanner.next(table, new ZoneMembers(members.subList(1, nodes), Set.of(), Set.of()), new BitSet());
    }
}
