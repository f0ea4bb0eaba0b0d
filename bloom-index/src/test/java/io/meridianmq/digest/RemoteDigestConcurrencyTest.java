package io.meridianmq.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.topic.TopicFilter;
import io.meridianmq.topic.TopicHash;
import io.meridianmq.topic.TopicHashes;
import io.meridianmq.topic.TopicTexts;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The race: a reader asks while deltas are applied and whole generations take over. */
final class RemoteDigestConcurrencyTest {

    private static final int STABLE = 1_000;
    private static final int GENERATIONS = 30;
    private static final long SECOND = 1_000_000_000;

    private final RemoteDigest remote = new RemoteDigest(DigestLimits.DEFAULT);
    private final AtomicBoolean writing = new AtomicBoolean(true);

    @Test
    void aProbeDuringAChangeOfGenerationsNeverMisses() throws Exception {
        var builder = new DigestBuilder(
                new DigestSettings(2_000, 25, 200, 10, 10_000, 500),
                () -> LongStream.range(0, STABLE)
                        .map(i -> TopicHash.ofLiteral("s/" + i))
                        .iterator(),
                1);
        for (var i = 0; i < STABLE; i++) {
            builder.addLiteral(TopicHash.ofLiteral("s/" + i), 0);
            builder.addWildcard(TopicFilter.of("w/" + i + "/+"), 0); // Most of them go to the overflow.
        }
        deliver(builder.snapshot());
        try (var threads = Executors.newSingleThreadExecutor()) {
            var probes = threads.submit(this::read);
            try {
                write(builder);
            } finally {
                writing.set(false);
            }
            assertThat(probes.get()).as("probes").isGreaterThan(1_000);
        }
        assertThat(remote.position()).isEqualTo(builder.position());
        assertThat(remote.position().generation()).isGreaterThanOrEqualTo((1L << 20) + GENERATIONS);
    }

    private void write(DigestBuilder builder) throws DigestException {
        var now = SECOND;
        for (var key = 0L; builder.position().generation() < (1L << 20) + GENERATIONS; now += SECOND) {
            for (var i = 0; i < 300; i++, key++) {
                builder.addLiteral(TopicHash.ofLiteral("passing/" + key), now);
                builder.removeLiteral();
            }
            for (var update = builder.poll(now); update.isPresent(); update = builder.poll(now)) {
                switch (update.get()) {
                    case DigestDelta delta -> remote.apply(delta);
                    case DigestSnapshot snapshot -> deliver(snapshot);
                }
            }
        }
        for (var update = builder.poll(now + SECOND); update.isPresent(); update = builder.poll(now + SECOND)) {
            if (update.get() instanceof DigestDelta delta) {
                remote.apply(delta);
            }
        }
    }

    private void deliver(DigestSnapshot snapshot) throws DigestException {
        for (var i = 0; i < snapshot.chunks(); i++) {
            remote.accept(snapshot.chunk(i));
        }
    }

    private int read() {
        var random = new SplittableRandom(TopicTexts.seed(31));
        var hashes = new TopicHashes();
        var probes = 0;
        for (; writing.get(); probes++) {
            var i = random.nextInt(STABLE);
            assertThat(remote.mightMatch(hashes.of("s/" + i))).isTrue();
            assertThat(remote.mightMatch(hashes.of("w/" + i + "/x"))).isTrue();
        }
        return probes;
    }
}
