package io.meridianmq.bench;

import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Adds a subscription to many others, or takes one away, the check of its filter included. Every second filter ends with a
 * wildcard. Allocation is that of both, since one undoes the other.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class SubscribeBenchmark {

    private static final int BATCH = 1_000;

    /** A prime: filters follow in no order. */
    private static final long STRIDE = 7_919;

    /** Subscriptions that are there all the time. */
    @Param({"10000", "1000000"})
    public int subscriptions;

    private final SubscriptionTrie<Object> trie = new SubscriptionTrie<>();
    private final Object subscriber = new Object();

    /** Of others, which come and go, a batch at a time. */
    private String[] filters;

    private int next;

    /** Everybody else subscribes. */
    @Setup(Level.Trial)
    public void fill() {
        for (var i = 0; i < subscriptions; i++) {
            trie.add(TopicFilter.of(filter(i)), new Object());
        }
        filters = new String[subscriptions];
        for (var i = 0; i < subscriptions; i++) {
            filters[i] = filter(subscriptions + (int) (i * STRIDE % subscriptions));
        }
    }

    /** So that there is something to add. */
    @State(Scope.Thread)
    public static class Absent {

        /** The last batch goes, another one may come. */
        @TearDown(Level.Invocation)
        public void remove(SubscribeBenchmark all) {
            all.removeBatch();
            all.turn();
        }
    }

    /** So that there is something to take away. */
    @State(Scope.Thread)
    public static class Present {

        /** Another batch comes. */
        @Setup(Level.Invocation)
        public void add(SubscribeBenchmark all) {
            all.turn();
            all.addBatch();
        }
    }

    /** A thousand subscriptions come. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void subscribe(Absent before) {
        addBatch();
    }

    /** A thousand subscriptions go. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void unsubscribe(Present before) {
        removeBatch();
    }

    private void turn() {
        next = (next + BATCH) % subscriptions;
    }

    private void addBatch() {
        for (var i = next; i < next + BATCH; i++) {
            check(trie.add(TopicFilter.of(filters[i]), subscriber), i);
        }
    }

    private void removeBatch() {
        for (var i = next; i < next + BATCH; i++) {
            check(trie.remove(TopicFilter.of(filters[i]), subscriber), i);
        }
    }

    private void check(boolean changed, int i) {
        if (!changed) {
            throw new IllegalStateException(filters[i] + " changed nothing");
        }
    }

    private static String filter(int i) {
        return "site/" + i / 1_000 + "/device/" + i % 1_000 + (i % 2 == 0 ? "/temperature" : "/+");
    }
}
