package io.meridianmq.broker.front;

import com.sun.management.ThreadMXBean;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.util.concurrent.FutureTask;

/** Counts bytes of heap, on a thread of the kind that event loops have: on others Netty does not reuse its objects. */
final class Allocated {

    /** Enough for the compiler to have settled, and for buffers to have grown. */
    private static final int ROUNDS = 25;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocated() {}

    /** Bytes that one run allocates, on average over the best of many rounds of so many runs. */
    static double perRun(int runs, Runnable work) throws Exception {
        var task = new FutureTask<>(() -> {
            var least = Long.MAX_VALUE;
            for (var round = 0; round < ROUNDS; round++) {
                var before = THREADS.getCurrentThreadAllocatedBytes();
                for (var i = 0; i < runs; i++) {
                    work.run();
                }
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
            }
            return (double) least / runs;
        });
        new FastThreadLocalThread(task, "measured").start();
        return task.get();
    }
}
