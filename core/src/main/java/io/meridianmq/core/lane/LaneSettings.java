package io.meridianmq.core.lane;

import java.time.Duration;

/**
 * Limits and times of one lane's sending side.
 *
 * @param windowFrames frames sent and not yet accepted, at least 1
 * @param windowBytes publication bytes sent and not yet accepted; one frame is always sent, whatever its size
 * @param queueFrames publications held that are not accepted, in flight or waiting, at least {@code windowFrames}
 * @param queueBytes their bytes, at least {@code windowBytes}; one publication is always held, whatever its size
 * @param keptFrames publications kept that are accepted and not settled; beyond it the oldest are left to their receiver
 * @param keptBytes their bytes
 * @param resendAfter shortest time without progress after which the lane goes back, more than zero; longer where
 *     acknowledgements take longer, see {@link RoundTrip}
 * @param resendAfterMax longest such time; it doubles up to this while nothing is accepted
 */
public record LaneSettings(
        int windowFrames,
        long windowBytes,
        int queueFrames,
        long queueBytes,
        int keptFrames,
        long keptBytes,
        Duration resendAfter,
        Duration resendAfterMax) {

    /** A window of 1,024 frames or 1 MiB, 65,536 publications or 64 MiB in all, as many kept, 1 s to 4 s. */
    public static final LaneSettings DEFAULT = new LaneSettings(
            1_024, 1 << 20, 1 << 16, 64 << 20, 1 << 16, 64 << 20, Duration.ofSeconds(1), Duration.ofSeconds(4));

    public LaneSettings {
        if (windowFrames < 1 || windowBytes < 1) {
            throw new IllegalArgumentException("a lane's window must allow at least one frame and one byte, not "
                    + windowFrames + " frames and " + windowBytes + " bytes");
        }
        if (queueFrames < windowFrames || queueBytes < windowBytes) {
            throw new IllegalArgumentException("a lane's queue of " + queueFrames + " frames and " + queueBytes
                    + " bytes must not be smaller than its window of " + windowFrames + " frames and " + windowBytes
                    + " bytes");
        }
        if (keptFrames < 0 || keptBytes < 0) {
            throw new IllegalArgumentException(
                    "a lane cannot keep " + keptFrames + " frames and " + keptBytes + " bytes: 0 or more");
        }
        if (!resendAfter.isPositive() || resendAfterMax.compareTo(resendAfter) < 0) {
            throw new IllegalArgumentException("a lane's resend time must be positive and not above its maximum, not "
                    + resendAfter + " up to " + resendAfterMax);
        }
    }
}
