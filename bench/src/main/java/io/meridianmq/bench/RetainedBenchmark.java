package io.meridianmq.bench;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.retained.RetainedBytes;
import io.meridianmq.retained.RetainedMessage;
import io.meridianmq.retained.RetainedPage;
import io.meridianmq.retained.warm.PutOutcome;
import io.meridianmq.retained.warm.WarmSettings;
import io.meridianmq.retained.warm.WarmTier;
import io.meridianmq.topic.TopicFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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

/** Retained messages on disk: stored in groups, read, and looked for with a wildcard, with the default durability. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class RetainedBenchmark {

    private static final int BATCH = 64;
    private static final int PAGE = 100;
    private static final int PAYLOAD_BYTES = 256;

    /** A prime: topics follow in no order. */
    private static final long STRIDE = 7_919;

    /** With a message each. */
    @Param("100000")
    public int topics;

    private final RetainedBytes bytes = RetainedBytes.wrap(new byte[PAYLOAD_BYTES], 0);
    private Path folder;
    private WarmTier tier;
    private long number;
    private int next;

    /** Stores a message for each topic. */
    @Setup(Level.Trial)
    public void fill() throws IOException, InterruptedException {
        folder = Folders.create();
        tier = WarmTier.open(WarmSettings.small(folder), InstantSource.system());
        for (var i = 0; i < topics; i += BATCH) {
            put();
        }
    }

    /** Closes the store. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        tier.close();
        Folders.delete(folder);
    }

    /** One of 64 messages that are stored at a time: until the last of them is committed. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void put() throws InterruptedException {
        var committed = new CountDownLatch(BATCH);
        for (var i = 0; i < BATCH; i++) {
            var message = new RetainedMessage(
                    nextTopic(),
                    HybridClock.ofMillis(System.currentTimeMillis()),
                    99,
                    new PublicationId(7, 1, ++number),
                    Qos.AT_LEAST_ONCE,
                    Publication.NEVER,
                    bytes);
            if (!tier.put(message, outcome -> count(outcome, committed))) {
                throw new IllegalStateException("the store takes no more");
            }
        }
        committed.await();
    }

    private static void count(PutOutcome outcome, CountDownLatch committed) {
        if (outcome != PutOutcome.STORED) {
            throw new IllegalStateException("not stored: " + outcome);
        }
        committed.countDown();
    }

    /** The message of one topic. */
    @Benchmark
    public Optional<RetainedMessage> get() {
        return tier.get(nextTopic());
    }

    /** A page of 100 messages that one filter matches. */
    @Benchmark
    public RetainedPage scan() {
        next = (next + 1) % (topics / 1_000);
        return tier.scan(TopicFilter.of("site/" + next + "/#"), Optional.empty(), PAGE);
    }

    private String nextTopic() {
        next = (next + 1) % topics;
        var i = (int) (next * STRIDE % topics);
        return "site/" + i / 1_000 + "/device/" + i % 1_000 + "/state";
    }
}
