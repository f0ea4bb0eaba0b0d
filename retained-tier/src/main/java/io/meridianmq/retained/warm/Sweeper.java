package io.meridianmq.retained.warm;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A virtual thread that sweeps at intervals, and again at once while there is a full sweep's worth to do. */
final class Sweeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /** One sweep; returns whether there may be more to do at once. */
    interface Round {
        boolean run() throws ExecutionException, InterruptedException;
    }

    private final Duration interval;
    private final Round round;
    private final Thread thread;

    private Sweeper(Duration interval, Round round) {
        this.interval = interval;
        this.round = round;
        this.thread = Thread.ofVirtual().name("retained-sweeper").unstarted(this::loop);
    }

    static Sweeper start(Duration interval, Round round) {
        var sweeper = new Sweeper(interval, round);
        sweeper.thread.start();
        return sweeper;
    }

    private void loop() {
        try {
            while (true) {
                Thread.sleep(interval);
                sweepUntilDone();
            }
        } catch (InterruptedException e) {
            // close() ends the thread this way.
        }
    }

    private void sweepUntilDone() throws InterruptedException {
        try {
            var more = true;
            while (more) {
                more = round.run();
            }
        } catch (ExecutionException | RuntimeException e) {
            LOG.warn(
                    "Sweeping expired retained messages failed; they are not served, and tried again in {}",
                    interval,
                    e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
