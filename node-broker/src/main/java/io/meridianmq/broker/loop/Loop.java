package io.meridianmq.broker.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop: a thread that owns connections and sessions, and everything that is done once per iteration of it.
 *
 * <p>Methods are for the loop's own thread, unless they say otherwise.
 */
public final class Loop {

    private static final Logger log = LoggerFactory.getLogger(Loop.class);

    /** Bytes of messages on their way to one loop from which on QoS 0 messages are dropped. */
    private static final long HANDED_OFF_BYTES_MAX = 16L << 20;

    private final int index;
    private final Executor executor;
    private final Executor afterIteration;
    private List<Runnable> atEndOfIteration = new ArrayList<>();
    /** Empty but during the end of an iteration: the two lists take turns. */
    private List<Runnable> atThisEnd = new ArrayList<>();

    private final Runnable endIteration = this::endIteration;
    private final AtomicLong handedOffBytes = new AtomicLong();
    private boolean endScheduled;
    private Keeper keeper = onKept -> onKept.accept(0);

    /** Knows when what was done on a loop in this iteration is kept. */
    @FunctionalInterface
    public interface Keeper {
        /**
         * Tells when what was done in this iteration is kept.
         *
         * @param onKept gets 0x00, or a reason code; now if there is nothing to keep, else later on the loop's thread
         */
        void whenKept(IntConsumer onKept);
    }

    /**
     * @param index position among the {@link Loops} of the node
     * @param executor runs tasks on the loop's thread, in the order in which one thread submitted them
     * @param afterIteration runs a task when the loop has done all it has at hand
     */
    public Loop(int index, Executor executor, Executor afterIteration) {
        this.index = index;
        this.executor = executor;
        this.afterIteration = afterIteration;
    }

    /** Any thread. */
    public int index() {
        return index;
    }

    /** Runs a task on this loop, soon. Any thread. */
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** Runs a task when this iteration of the loop has done everything else, before the thread waits for more. */
    public void atEndOfIteration(Runnable task) {
        atEndOfIteration.add(task);
        if (!endScheduled) {
            endScheduled = true;
            afterIteration.execute(endIteration);
        }
    }

    /** What is done on this loop is kept by somebody, from now on. */
    public void keptBy(Keeper newKeeper) {
        keeper = newKeeper;
    }

    /** See {@link Keeper#whenKept}. */
    public void whenKept(IntConsumer onKept) {
        keeper.whenKept(onKept);
    }

    /** Whether so much is on its way to this loop that QoS 0 messages for it are dropped. Any thread. */
    public boolean isFlooded() {
        return handedOffBytes.get() > HANDED_OFF_BYTES_MAX;
    }

    /** Any thread. */
    void addHandedOff(long bytes) {
        handedOffBytes.addAndGet(bytes);
    }

    private void endIteration() {
        endScheduled = false;
        // What runs now may ask for the end of the next iteration, but not of this one.
        var tasks = atEndOfIteration;
        atEndOfIteration = atThisEnd;
        atThisEnd = tasks;
        for (var i = 0; i < tasks.size(); i++) {
            try {
                tasks.get(i).run();
            } catch (RuntimeException e) {
                log.error("a task at the end of an iteration failed; the others go on", e);
            }
        }
        tasks.clear();
    }
}
