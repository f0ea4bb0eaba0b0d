package io.meridianmq.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Lets a loop run at a steady rate: turns are due at fixed times, however long each of them takes. */
final class Pace {

    /** Longer than neighbours wait before they send the next change of a digest. */
    private static final Duration QUIET = Duration.ofMillis(1_100);

    private final long intervalNanos;
    private long dueNanos = System.nanoTime();

    Pace(Duration interval) {
        intervalNanos = interval.toNanos();
    }

    /** Returns when the next turn is due; at once if that has passed. */
    void await() {
        dueNanos += intervalNanos;
        parkUntil(dueNanos);
    }

    /** Nothing happens for so long that what comes next is sent at once. */
    static void quietPeriod() {
        parkUntil(System.nanoTime() + QUIET.toNanos());
    }

    private static void parkUntil(long nanos) {
        for (var left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
