package io.meridianmq.broker.access;

import com.google.common.util.concurrent.Uninterruptibles;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
    public Verifications(int atOnce, int waitingMax, MeterRegistry meters) {
        executor = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(waitingMax),
                Thread.ofVirtual().name("password-", 0).factory());
        Gauge.builder(
                        "mqtt_access_verifications_waiting",
                        executor,
                        all -> all.getQueue().size())
                .description("Clients that wait for their passwords to be checked")
                .register(meters);
    }

    @Override
    public void execute(Runnable check) {
        executor.execute(check);
    }

    /** What still waits is not done any more; what runs has a second to end. */
    @Override
    public void close() {
        executor.shutdownNow();
        var _ = Uninterruptibles.awaitTerminationUninterruptibly(executor, 1, TimeUnit.SECONDS);
    }
}
