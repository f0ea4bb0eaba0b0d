package io.meridianmq.broker.front;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts bytes of heap that a thread allocates. */
final class Allocated {

    /** Enough for the compiler to have settled, and for buffers to have grown. */
    static final int ROUNDS = 25;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocated() {}

    /** Bytes that one run on this {@link LoopThread} allocates, on average over the best of many rounds of so many runs. */
    static double perRun(int runs, Runnable work) {
        var least = Long.MAX_VALUE;
        for (var round = 0; round < ROUNDS; round++) {
            var before = THREADS.getCurrentThreadAllocatedBytes();
            for (var i = 0; i < runs; i++) {
                work.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return (double) least / runs;
    }
}
