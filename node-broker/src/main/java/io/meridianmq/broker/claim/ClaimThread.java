package io.meridianmq.broker.claim;

import io.meridianmq.broker.loop.HandOff;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.mesh.NodeClaims;
import java.util.function.Consumer;

/** What a node's claims belong to: the mesh thread, or at a node on its own the turns that its threads take at them. */
public interface ClaimThread {

    /** Something to do with the claims. */
    @FunctionalInterface
    interface Task {
        void run(NodeClaims claims, long nowNanos);
    }

    /**
     * Runs a task on the thread, soon; what it leads to is handed out after it. Any thread.
     *
     * @throws java.util.concurrent.RejectedExecutionException when the node has ended
     */
    void execute(Task task);

    /** The way from the thread to the loops; handed over after each batch of tasks. For the thread itself. */
    HandOff toLoops();

    /**
     * The node can publish wills and end sessions from now on. Any thread.
     *
     * @param wills publishes one; called on the thread
     * @param sessions told what becomes of them; called on the thread
     */
    void connect(Consumer<DueWill> wills, KeptSessions sessions);
}
