package io.meridianmq.broker.loop;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time as one loop sees it: it is read at the first question of an iteration, and is the same until the iteration ends.
 * A burst of messages that is read at once so comes at one time, and asks the system once.
 *
 * <p>Belongs to the loop.
 */
public final class LoopClock implements InstantSource {

    private final Loop loop;
    private final InstantSource wall;
    private final LongSupplier monotonic;
    private final Runnable forget = this::forget;
    private boolean isRead;
    private long millis;
    private long nanos;

    /** The loop's, once it has asked; null if nobody checks. */
    private @Nullable Thread thread;

    /** @param monotonic counts nanoseconds from anywhere on, as {@link System#nanoTime} does */
    public LoopClock(Loop loop, InstantSource wall, LongSupplier monotonic) {
        this.loop = loop;
        this.wall = wall;
        this.monotonic = monotonic;
    }

    @Override
    public long millis() {
        read();
        return millis;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    /** The monotonic time, in nanoseconds. */
    public long nanos() {
        read();
        return nanos;
    }

    private void read() {
        assert isOfOneThread() : Thread.currentThread() + " asks for the time of " + thread;
        if (!isRead) {
            isRead = true;
            millis = wall.millis();
            nanos = monotonic.getAsLong();
            loop.atEndOfIteration(forget);
        }
    }

    private void forget() {
        isRead = false;
    }

    @SuppressWarnings("ReferenceEquality") // A thread is one object.
    private boolean isOfOneThread() {
        if (thread == null) {
            thread = Thread.currentThread();
        }
        return thread == Thread.currentThread();
    }
}
