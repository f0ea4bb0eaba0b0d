package io.meridianmq.broker.access;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Checks passwords on a few virtual threads. That is work for a processor and not for a disk, so no more run at once than
 * leaves room for others. Any thread.
 */
public final class Verifications implements Executor, AutoCloseable {

    private final ThreadPoolExecutor executor;

    /** @param waitingMax checks that may wait for a thread; more are rejected */
    public Verifications(int atOnce, int waitingMax) {
        executor = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(waitingMax),
                Thread.ofVirtual().name("password-", 0).factory());
    }

    @Override
    public void execute(Runnable check) {
        executor.execute(check);
    }

    /** How many wait for their turn. */
    int waiting() {
        return executor.getQueue().size();
    }

    /** What still waits is not done any more. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
