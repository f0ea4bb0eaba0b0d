package io.meridianmq.retained.warm;

import java.util.concurrent.atomic.LongAdder;

/** What the warm tier counts. Any thread. */
final class WarmCounters {

    final LongAdder stored = new LongAdder();
    final LongAdder superseded = new LongAdder();
    final LongAdder refusedFull = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder tombstonesDropped = new LongAdder();

    /** Whether the disk budget was used up when the sweeper last looked. */
    private volatile boolean full;

    boolean isFull() {
        return full;
    }

    void full(boolean now) {
        full = now;
    }

    void count(PutOutcome outcome) {
        switch (outcome) {
            case STORED -> stored.increment();
            case SUPERSEDED -> superseded.increment();
            case FULL -> refusedFull.increment();
            case FAILED -> {
                // The committer counts and logs failures.
            }
        }
    }
}
