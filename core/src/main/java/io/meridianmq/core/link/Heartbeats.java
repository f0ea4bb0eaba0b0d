package io.meridianmq.core.link;

/**
 * Finds out whether the other end of a link still works: asks once per interval, gives up when nothing at all has come for
 * too long.
 *
 * <p>Whatever the other end sends is a sign of life, not only an answer: on a busy machine an answer waits its turn behind
 * other work, and a link that is reset for it loses what was under way and makes the machine busier still.
 *
 * <p>Time in which this end itself did not run (a pause of the process) does not count as the other's silence: its
 * answers may be waiting unread.
 *
 * <p>Belongs to the thread that owns the link. A question carries its time of sending and comes back with it, so nothing
 * is kept for each question.
 */
public final class Heartbeats {

    /** What to do at a tick. */
    public enum Tick {
        /** Ask, with the tick's time as the question's stamp. */
        ASK,
        /** The other end has been silent for too long: the link is down. */
        SILENT
    }

    private final long intervalNanos;
    private final long silenceMaxNanos;
    private long heardNanos;
    private long tickedNanos;

    /**
     * @param intervalNanos time between two ticks
     * @param silenceMaxNanos how long nothing may come
     * @param nowNanos when the link came up
     */
    public Heartbeats(long intervalNanos, long silenceMaxNanos, long nowNanos) {
        this.intervalNanos = intervalNanos;
        this.silenceMaxNanos = silenceMaxNanos;
        this.heardNanos = nowNanos;
        this.tickedNanos = nowNanos;
    }

    /** To be called every interval. */
    public Tick onTick(long nowNanos) {
        var lateNanos = nowNanos - tickedNanos - intervalNanos;
        tickedNanos = nowNanos;
        if (lateNanos > intervalNanos) {
            heardNanos += lateNanos;
        }
        return nowNanos - heardNanos >= silenceMaxNanos ? Tick.SILENT : Tick.ASK;
    }

    /** Anything arrived. */
    public void onHeard(long nowNanos) {
        heardNanos = nowNanos;
    }

    /**
     * The round trip that an answer tells.
     *
     * @param stampNanos the stamp of its question
     * @return nanoseconds, both threads' waiting included
     */
    public static long roundTripNanos(long stampNanos, long nowNanos) {
        return Math.max(0, nowNanos - stampNanos);
    }
}
