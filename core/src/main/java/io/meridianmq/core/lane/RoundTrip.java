package io.meridianmq.core.lane;

/**
 * How long a destination takes to acknowledge, and so how long to wait before sending again: the smoothed time and four
 * times its smoothed deviation, as in RFC 6298. Lanes to one destination share it, since each by itself carries little.
 *
 * <p>A time is taken from the first sending on, also of what was sent again meanwhile. That is too long if the first one got
 * lost, and never too short: under load it is what keeps lanes from sending again what is merely slow, and so from making it
 * slower.
 *
 * <p>Belongs to one thread.
 */
public final class RoundTrip {

    private final long leastNanos;
    private final long mostNanos;
    private long smoothedNanos;
    private long deviationNanos;
    private boolean isMeasured;

    /** Nothing is known yet: the least that the settings allow. */
    public RoundTrip(LaneSettings settings) {
        this.leastNanos = settings.resendAfter().toNanos();
        this.mostNanos = settings.resendAfterMax().toNanos();
    }

    /** It took so long this time, zero or more. */
    void measured(long nanos) {
        if (isMeasured) {
            deviationNanos += (Math.abs(smoothedNanos - nanos) - deviationNanos) / 4;
            smoothedNanos += (nanos - smoothedNanos) / 8;
        } else {
            isMeasured = true;
            smoothedNanos = nanos;
            deviationNanos = nanos / 2;
        }
    }

    /** How long to wait for an acknowledgement, within the bounds of the settings. */
    long timeoutNanos() {
        return Math.clamp(smoothedNanos + 4 * deviationNanos, leastNanos, mostNanos);
    }
}
