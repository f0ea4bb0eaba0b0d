package io.meridianmq.core.clock;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Hybrid logical clock: 48 bits of wall-clock milliseconds and 16 bits that count events within one millisecond.
 *
 * <p>A stamp is one {@code long}; stamps compare as numbers. A later stamp of one clock is always greater, and merging
 * the stamps that arrive makes an effect's stamp greater than its cause's wherever both happened. The wall clock comes in
 * as an argument. Any thread may call; the state is one number changed by compare-and-set.
 *
 * <p>Source: Kulkarni et al., "Logical Physical Clocks and Consistent Snapshots in Globally Distributed Databases", 2014.
 */
public final class HybridClock {

    /** How far ahead of the wall clock an arriving stamp may be before it is clamped, in milliseconds. */
    public static final long AHEAD_MILLIS_MAX = 60_000;

    private static final int COUNTER_BITS = 16;

    private final AtomicLong last = new AtomicLong();

    /** The packed form of a wall-clock time with no events counted yet. */
    public static long ofMillis(long wallMillis) {
        return wallMillis << COUNTER_BITS;
    }

    /** The wall-clock part of a stamp, in milliseconds since the epoch. */
    public static long millisOf(long stamp) {
        return stamp >>> COUNTER_BITS;
    }

    /** A stamp greater than every stamp this clock gave or merged before. */
    public long next(long wallMillis) {
        var wall = ofMillis(wallMillis);
        while (true) {
            var previous = last.get();
            // A full counter carries into the milliseconds, which keeps the order and runs at most a little ahead.
            var next = Math.max(previous + 1, wall);
            if (last.compareAndSet(previous, next)) {
                return next;
            }
        }
    }

    /**
     * A stamp not less than any that this clock gave or merged before, and less than any that {@link #next} gives from now on.
     * Several callers may get the same one, so they need not agree on an order as those of {@link #next} do.
     */
    public long latest(long wallMillis) {
        var wall = ofMillis(wallMillis);
        var previous = last.get();
        while (previous < wall) {
            if (last.compareAndSet(previous, wall)) {
                return wall;
            }
            previous = last.get();
        }
        return previous;
    }

    /**
     * Takes note of a stamp that arrived from elsewhere.
     *
     * @return the stamp to order by: the arrived one, or the furthest allowed if it is more than {@link
     *     #AHEAD_MILLIS_MAX} ahead of the wall clock, so that one broken clock cannot drag the platform's along
     */
    public long merge(long arrived, long wallMillis) {
        var furthest = ofMillis(wallMillis + AHEAD_MILLIS_MAX);
        var accepted = Math.min(arrived, furthest);
        last.accumulateAndGet(accepted, Math::max);
        return accepted;
    }
}
