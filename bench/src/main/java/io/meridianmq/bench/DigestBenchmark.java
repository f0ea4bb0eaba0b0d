package io.meridianmq.bench;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import io.meridianmq.digest.DigestBuilder;
import io.meridianmq.digest.DigestDelta;
import io.meridianmq.digest.DigestException;
import io.meridianmq.digest.DigestLimits;
import io.meridianmq.digest.DigestSettings;
import io.meridianmq.digest.RemoteDigest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One probe of what another region wants: a digest of ten million literal filters. Budget: 150 ns, 0 B.
 *
 * <p>The baseline is Guava's own filter of the same size.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls fill() before anything else.
public class DigestBenchmark {

    private static final int LITERALS = 10_000_000;
    private static final int BATCH = 100_000;
    private static final long BATCH_NANOS = Duration.ofSeconds(2).toNanos();
    private static final double FALSE_POSITIVES = 0.01;

    private RemoteDigest digest;
    private BloomFilter<Long> guava;
    private long next;

    /** Makes both filters. */
    @Setup(Level.Trial)
    @SuppressWarnings("UnstableApiUsage")
    public void fill() throws DigestException {
        var builder = new DigestBuilder(
                new DigestSettings(LITERALS, 25, 50_000, 10_000, 100_000, 10_000),
                () -> LongStream.empty().iterator(),
                1);
        digest = new RemoteDigest(DigestLimits.DEFAULT);
        var empty = builder.snapshot();
        for (var i = 0; i < empty.chunks(); i++) {
            digest.accept(empty.chunk(i));
        }
        guava = BloomFilter.create(Funnels.longFunnel(), LITERALS, FALSE_POSITIVES);
        var now = 0L;
        for (var i = 0; i < LITERALS; i++) {
            builder.addLiteral(Keys.of(i), now);
            guava.put(Keys.of(i));
            if (i % BATCH == BATCH - 1) {
                now += BATCH_NANOS;
                digest.apply((DigestDelta) builder.poll(now).orElseThrow());
            }
        }
    }

    /** A topic that somebody there wants. */
    @Benchmark
    public boolean wanted() {
        next = (next + 7_919) % LITERALS;
        return digest.mightContain(Keys.of(next));
    }

    /** A topic that nobody there wants. */
    @Benchmark
    public boolean unwanted() {
        next = (next + 7_919) % LITERALS;
        return digest.mightContain(Keys.of(LITERALS + next));
    }

    /** The same, asked of Guava's filter. */
    @Benchmark
    public boolean wantedByGuava() {
        next = (next + 7_919) % LITERALS;
        return guava.mightContain(Keys.of(next));
    }

    /** The same, asked of Guava's filter. */
    @Benchmark
    public boolean unwantedByGuava() {
        next = (next + 7_919) % LITERALS;
        return guava.mightContain(Keys.of(LITERALS + next));
    }
}
