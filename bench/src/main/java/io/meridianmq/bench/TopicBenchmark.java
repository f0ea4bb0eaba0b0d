package io.meridianmq.bench;

import io.meridianmq.topic.MatchSink;
import io.meridianmq.topic.SharedGroup;
import io.meridianmq.topic.SubscriptionTrie;
import io.meridianmq.topic.TopicFilter;
import java.util.concurrent.TimeUnit;
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

/**
 * Finds the one subscription that a topic matches among many. Topics come from all of them alike, so that nearly every
 * look-up is one of memory that no cache of the processor has; the text of the topic itself is at hand, as that of a message
 * that has just been read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class TopicBenchmark {

    /** A prime: topics follow in no order. */
    private static final long STRIDE = 7_919;

    /** Subscriptions, each of another client. */
    @Param({"10000", "1000000"})
    public int subscriptions;

    /** What all of them are like. */
    @Param
    public Kind kind;

    private final SubscriptionTrie<Object> trie = new SubscriptionTrie<>();
    private final MatchSink<Object> count = _ -> found();
    private final MatchSink<SharedGroup<Object>> countGroup = _ -> found();
    private String[] topics;
    private int next;
    private int found;

    /** How the topic filters are written. */
    public enum Kind {
        /** The topic itself. */
        LITERAL(""),
        /** The last level left open, or all levels from the last but one on. */
        WILDCARD(""),
        /** The topic itself, each of another group. */
        SHARED("$share/workers/");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        String filter(int i) {
            var end = this != WILDCARD ? "/temperature" : i % 2 == 0 ? "/+" : "/#";
            return prefix + device(i) + end;
        }
    }

    /** Everybody subscribes. */
    @Setup(Level.Trial)
    public void fill() {
        for (var i = 0; i < subscriptions; i++) {
            trie.add(TopicFilter.of(kind.filter(i)), new Object());
        }
        // In the order in which they are asked for, so that fetching them ahead is easy.
        topics = new String[subscriptions];
        for (var i = 0; i < subscriptions; i++) {
            topics[i] = device((int) (i * STRIDE % subscriptions)) + "/temperature";
        }
    }

    /** Matches the next topic. */
    @Benchmark
    public int match() {
        found = 0;
        var topic = topics[next];
        next = next + 1 == subscriptions ? 0 : next + 1;
        trie.match(topic, count);
        trie.matchGroups(topic, countGroup);
        if (found != 1) {
            throw new IllegalStateException(found + " subscriptions match " + topic);
        }
        return found;
    }

    private void found() {
        found++;
    }

    private static String device(int i) {
        return "site/" + i / 1_000 + "/device/" + i % 1_000;
    }
}
