package io.meridianmq.bench;

import com.google.common.primitives.ImmutableLongArray;
import io.meridianmq.core.interest.InterestTable;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
 * One change of what the other nodes of a zone want, told in batches, while five million literal filters of 50 nodes are known.
 * Budget: 5,000 ns (200,000 changes/s on one core).
 *
 * <p>The baseline is a {@link HashMap} from filter to node, which knows one node for each.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class InterestBenchmark {

    private static final int NODES = 50;
    private static final int BATCH = 1_000;

    /** Filters that are known all the time. */
    @Param("5000000")
    public int filters;

    private InterestTable table;
    private Map<Long, Place> map;
    private int oldest;

    /** Lets the nodes want what they want. */
    @Setup(Level.Trial)
    public void fill() {
        table = new InterestTable();
        map = HashMap.newHashMap(filters + 2 * BATCH);
        for (var from = 0; from < filters; from += BATCH) {
            table.add(node(from), batch(from));
            putAll(from);
        }
    }

    /** The next thousand filters come, the oldest thousand go. */
    @Benchmark
    @OperationsPerInvocation(2 * BATCH)
    public void change() {
        table.add(node(oldest + filters), batch(oldest + filters));
        table.remove(node(oldest), batch(oldest));
        oldest = next();
    }

    /** The same changes of a map. */
    @Benchmark
    @OperationsPerInvocation(2 * BATCH)
    public void changeOfMap() {
        putAll(oldest + filters);
        for (var i = 0; i < BATCH; i++) {
            map.remove(Keys.of(oldest + i));
        }
        oldest = next();
    }

    private int next() {
        return oldest + BATCH < Integer.MAX_VALUE - 2 * filters ? oldest + BATCH : 0;
    }

    private void putAll(int from) {
        for (var i = 0; i < BATCH; i++) {
            map.put(Keys.of(from + i), node(from));
        }
    }

    private static Place node(int from) {
        return NODE[from / BATCH % NODES];
    }

    private static final Place[] NODE = new Place[NODES];

    static {
        for (var i = 0; i < NODES; i++) {
            NODE[i] = Place.node("r", "z", "n" + i);
        }
    }

    private static InterestEntries batch(int from) {
        var keys = ImmutableLongArray.builder(BATCH);
        for (var i = 0; i < BATCH; i++) {
            keys.add(Keys.of(from + i));
        }
        return new InterestEntries(
                List.of(new InterestEntries.Literals(Reach.GLOBAL, keys.build())), List.of(), List.of());
    }
}
