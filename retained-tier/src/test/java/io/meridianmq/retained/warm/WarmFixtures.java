package io.meridianmq.retained.warm;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.retained.RetainedVersion;
import io.meridianmq.retained.RetainedBytes;
import io.meridianmq.retained.RetainedMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Values that the tests of this package share. */
final class WarmFixtures {

    /** An hour at which everything here happens. */
    static final long NOW = 1_800_000_000_000L;

    private WarmFixtures() {}

    /** Never sweeps by itself within a test; pages of 50 entries. */
    static WarmSettings settings(Path folder) {
        var small = WarmSettings.small(folder);
        return new WarmSettings(
                small.store(), small.diskBytesMax(), Duration.ofHours(24), Duration.ofHours(1), 4, 50, 1 << 20);
    }

    static RetainedMessage message(String topic, long atMillis, String text) {
        return message(topic, atMillis, text, Publication.NEVER);
    }

    static RetainedMessage message(String topic, long atMillis, String text, long expiresAtMillis) {
        return new RetainedMessage(
                topic,
                HybridClock.ofMillis(atMillis),
                7,
                new PublicationId(1, 2, atMillis),
                Qos.AT_LEAST_ONCE,
                expiresAtMillis,
                RetainedBytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
    }

    static RetainedVersion version(long atMillis) {
        return message("t", atMillis, "").version();
    }

    static PutOutcome put(WarmTier tier, RetainedMessage message) {
        var outcome = new CompletableFuture<PutOutcome>();
        if (!tier.put(message, outcome::complete)) {
            throw new IllegalStateException("the queue is full");
        }
        return outcome.join();
    }

    static PutOutcome clear(WarmTier tier, String topic, long atMillis) {
        var outcome = new CompletableFuture<PutOutcome>();
        if (!tier.clear(topic, version(atMillis), outcome::complete)) {
            throw new IllegalStateException("the queue is full");
        }
        return outcome.join();
    }
}
