package io.meridianmq.core.stream;

import java.time.Duration;

/**
 * Limits and times of the stream between two nodes. Bytes are those of {@link io.meridianmq.core.link.StreamItem#sizeBytes}.
 *
 * @param partBytes bytes that go in one frame; one item always does, whatever its size
 * @param windowBytes bytes sent and not yet acknowledged, at least {@code partBytes}; one item is always sent
 * @param heldBytes bytes sent and not acknowledged, or waiting, at least {@code windowBytes}; above it the stream breaks
 * @param acknowledgeAfter how long an acknowledgement waits for something that goes the same way
 * @param resendAfter time without progress after which what is not acknowledged is sent again, more than zero
 * @param resendAfterMax longest such time; it doubles up to this while there is no progress
 * @param unacknowledgedMax age of an item that is not acknowledged at which the stream breaks, above {@code resendAfterMax}
 */
public record StreamSettings(
        long partBytes,
        long windowBytes,
        long heldBytes,
        Duration acknowledgeAfter,
        Duration resendAfter,
        Duration resendAfterMax,
        Duration unacknowledgedMax) {

    /** Parts of 256 KiB, a window of 1 MiB, 16 MiB in all; 4 ms, 0.5 s to 2 s, and 10 s until it breaks. */
    public static final StreamSettings DEFAULT = new StreamSettings(
            256 << 10,
            1 << 20,
            16 << 20,
            Duration.ofMillis(4),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10));

    public StreamSettings {
        if (partBytes < 1 || windowBytes < partBytes || heldBytes < windowBytes) {
            throw new IllegalArgumentException(
                    "a stream's parts, window and bound must each be at least the one before," + " not " + partBytes
                            + ", " + windowBytes + " and " + heldBytes + " bytes");
        }
        if (acknowledgeAfter.isNegative()
                || !resendAfter.isPositive()
                || resendAfterMax.compareTo(resendAfter) < 0
                || unacknowledgedMax.compareTo(resendAfterMax) <= 0) {
            throw new IllegalArgumentException("a stream must send again, after " + resendAfter + " up to "
                    + resendAfterMax + ", before it breaks after " + unacknowledgedMax);
        }
    }
}
