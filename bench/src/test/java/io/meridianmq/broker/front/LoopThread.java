package io.meridianmq.broker.front;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * A thread of the kind that event loops have: on others Netty does not reuse its objects. A node belongs to the thread that
 * made it, so whoever measures one makes it here too.
 */
final class LoopThread {

    private LoopThread() {}

    /** What the task returns, once such a thread has done it. */
    static <T> T call(Callable<T> task) throws Exception {
        var future = new FutureTask<>(task);
        new FastThreadLocalThread(future, "measured").start();
        return future.get();
    }
}
