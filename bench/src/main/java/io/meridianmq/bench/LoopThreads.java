package io.meridianmq.bench;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that measure, of the kind that event loops have: on others, Netty does not reuse buffers and their views.
 * JMH makes it by its name, which {@code bench/run} says.
 */
public final class LoopThreads extends ThreadPoolExecutor {

    /** @param threads how many at most, and from the start */
    public LoopThreads(int threads, String prefix) {
        super(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new DefaultThreadFactory(prefix, true));
    }
}
