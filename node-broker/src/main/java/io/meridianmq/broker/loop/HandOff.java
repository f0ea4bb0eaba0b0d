package io.meridianmq.broker.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of one thread for loops, gathered and handed over as one batch per loop and iteration: waking another thread costs
 * more than most of what there is to do for it.
 *
 * <p>Belongs to one thread: a loop's, which hands over at the end of its iteration by itself, or another one, which calls
 * {@link #flush}. Work for one loop is done in the order in which it was added.
 */
public final class HandOff {

    private static final Logger log = LoggerFactory.getLogger(HandOff.class);

    private final Loops loops;
    private final @Nullable Loop own;
    private final Executor source;
    private final @Nullable Batch[] batches;
    private final Runnable flush = this::flush;
    private boolean isPending;

    private static final class Batch implements Runnable {
        private final Loop target;
        private final Executor source;
        private final List<Runnable> tasks = new ArrayList<>();
        private final List<IntConsumer> whenDone = new ArrayList<>();
        private long bytes;

        Batch(Loop target, Executor source) {
            this.target = target;
            this.source = source;
        }

        @Override
        public void run() {
            target.addHandedOff(-bytes);
            runAll(tasks);
            if (!whenDone.isEmpty()) {
                target.whenKept(reasonCode -> source.execute(() -> tellAll(reasonCode)));
            }
        }

        private void tellAll(int reasonCode) {
            for (var task : whenDone) {
                try {
                    task.accept(reasonCode);
                } catch (RuntimeException e) {
                    log.error("a task that waited for another thread failed; the others go on", e);
                }
            }
        }

        private static void runAll(List<Runnable> tasks) {
            for (var task : tasks) {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.error("a task that another thread handed over failed; the others go on", e);
                }
            }
        }
    }

    private HandOff(Loops loops, @Nullable Loop own, Executor source) {
        this.loops = loops;
        this.own = own;
        this.source = source;
        this.batches = new @Nullable Batch[loops.count()];
    }

    /** For the thread of {@code own}. */
    public static HandOff ofLoop(Loops loops, Loop own) {
        return new HandOff(loops, own, own::execute);
    }

    /** For a thread that is no loop; {@code source} runs tasks on it. */
    public static HandOff ofOtherThread(Loops loops, Executor source) {
        return new HandOff(loops, null, source);
    }

    /** Whether work for this loop is done at once, since this is its thread. */
    @SuppressWarnings("ReferenceEquality") // There is one object per loop.
    public boolean isOwn(Loop target) {
        return target == own;
    }

    /** Does the work at once if the target is this thread's loop, else with the next batch. */
    public void run(Loop target, Runnable task) {
        if (isOwn(target)) {
            task.run();
        } else {
            add(target, task, 0);
        }
    }

    /**
     * Adds work to the next batch for another loop.
     *
     * @param bytes size of the message it carries, which counts for {@link Loop#isFlooded} until it is done
     */
    public void add(Loop target, Runnable task, int bytes) {
        var batch = batchFor(target);
        batch.tasks.add(task);
        batch.bytes += bytes;
    }

    /**
     * Runs a task on this thread when all that was added for the target until now is done, and what it had to keep is kept.
     *
     * @param task gets 0x00, or the reason code that tells why not all of it is kept
     */
    public void whenDone(Loop target, IntConsumer task) {
        batchFor(target).whenDone.add(task);
    }

    /** Hands everything over. */
    public void flush() {
        isPending = false;
        for (var i = 0; i < batches.length; i++) {
            var batch = batches[i];
            if (batch != null) {
                batches[i] = null;
                batch.target.addHandedOff(batch.bytes);
                loops.get(i).execute(batch);
            }
        }
    }

    private Batch batchFor(Loop target) {
        var batch = batches[target.index()];
        if (batch == null) {
            batch = new Batch(target, source);
            batches[target.index()] = batch;
            flushAtEndOfIteration();
        }
        return batch;
    }

    private void flushAtEndOfIteration() {
        if (own != null && !isPending) {
            isPending = true;
            own.atEndOfIteration(flush);
        }
    }
}
