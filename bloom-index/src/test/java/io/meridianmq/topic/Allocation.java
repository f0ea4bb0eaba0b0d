package io.meridianmq.topic;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that the calling thread allocates. */
public final class Allocation {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /** Bytes for one run of the work, on average over many, after some runs that load classes and grow buffers. */
    public static double bytesPerRun(Runnable work) {
        var runs = 10_000;
        for (var i = 0; i < 100; i++) {
            work.run();
        }
        var before = THREADS.getCurrentThreadAllocatedBytes();
        for (var i = 0; i < runs; i++) {
            work.run();
        }
        return (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) runs;
    }
}
