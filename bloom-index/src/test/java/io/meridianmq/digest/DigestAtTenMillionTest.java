package io.meridianmq.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.topic.TopicHashes;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The design's sizes: 10 million literals in about 12 MB with at most 1% false positives. */
@Tag("large")
final class DigestAtTenMillionTest {

    private static final int LITERALS = 10_000_000;
    private static final int PROBES = 1_000_000;

    @Test
    void tenMillionLiteralsTakeTwelveMegabytesAndOnePercentFalsePositives() throws DigestException {
        var builder = new DigestBuilder(
                new DigestSettings(LITERALS, 25, 50_000, 10_000, 100_000, 10_000),
                () -> LongStream.empty().iterator(),
                1);
        var remote = new RemoteDigest(DigestLimits.DEFAULT);
        var packed = deliver(builder.snapshot(), remote);
        assertThat(packed).as("bytes of an empty digest").isLessThan(200_000);
        var now = 0L;
        for (var i = 0; i < LITERALS; i++) {
            builder.addLiteral(key(i), now);
            if (i % 100_000 == 99_999) {
                now += 2_000_000_000L;
                remote.apply((DigestDelta) builder.poll(now).orElseThrow());
            }
        }
        assertThat(remote.position()).isEqualTo(builder.position());
        var snapshot = builder.snapshot();
        var relayed = new RemoteDigest(DigestLimits.DEFAULT);
        var bytes = deliver(snapshot, relayed);
        var falsePositives = 0;
        for (var i = 0; i < PROBES; i++) {
            assertThat(relayed.mightContain(key((long) i * (LITERALS / PROBES))))
                    .isTrue();
            assertThat(remote.mightContain(key(i))).isTrue();
            falsePositives += relayed.mightContain(key((long) LITERALS + i)) ? 1 : 0;
        }
        var rate = falsePositives / (double) PROBES;
        var start = System.nanoTime();
        var hits = 0;
        for (var i = 0; i < 2 * PROBES; i++) {
            hits += relayed.mightContain(key(LITERALS + 7L * i)) ? 1 : 0;
        }
        var probeNanos = (System.nanoTime() - start) / (2.0 * PROBES);
        System.out.printf(
                "digest of %,d literals: %,d bytes in %d chunks, %.3f%% false positives, %.0f ns a probe (%d hits)%n",
                LITERALS, bytes, snapshot.chunks(), 100 * rate, probeNanos, hits);
        assertThat(bytes).isLessThan(12_100_000);
        assertThat(rate).isLessThanOrEqualTo(0.01);
        assertThat(relayed.mightMatch(new TopicHashes().of("a"))).isFalse();
    }

    /** Keys as well spread as those of topics, without ten million topics. */
    private static long key(long i) {
        var z = (i + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    private static long deliver(DigestSnapshot snapshot, RemoteDigest remote) throws DigestException {
        var bytes = 0L;
        for (var i = 0; i < snapshot.chunks(); i++) {
            var chunk = snapshot.chunk(i);
            assertThat(chunk.deflated().length).isLessThanOrEqualTo(1 << 20);
            bytes += chunk.deflated().length;
            assertThat(remote.accept(chunk)).isEqualTo(RemoteDigest.Outcome.APPLIED);
        }
        assertThat(remote.isCurrent()).isTrue();
        return bytes;
    }
}
