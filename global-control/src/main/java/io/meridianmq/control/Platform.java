package io.meridianmq.control;

import io.meridianmq.core.link.Question;
import io.meridianmq.core.mesh.ControlMesh;
import io.meridianmq.core.mesh.KnownComponent;
import io.meridianmq.core.place.Place;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The platform as services see it: who is there, and asking them. Any thread may call. */
final class Platform {

    private static final Duration MESH_THREAD_PATIENCE = Duration.ofSeconds(1);

    private final ControlMesh mesh;
    private final Executor meshThread;
    private final Answers answers;
    private final AtomicLong asked = new AtomicLong();

    /**
     * @param meshThread runs tasks on the thread that owns {@code mesh}
     * @param answers the outlet of {@code mesh}
     */
    Platform(ControlMesh mesh, Executor meshThread, Answers answers) {
        this.mesh = mesh;
        this.meshThread = meshThread;
        this.answers = answers;
    }

    /** Every component that is known, in place order. */
    SortedMap<Place, KnownComponent> components() {
        return mesh.components();
    }

    /**
     * Asks a component. Always completes, and with a value.
     *
     * @param deadlineNanos reading of {@link System#nanoTime} at which the answer is given up
     */
    CompletableFuture<Reply> ask(Place component, Question question, long deadlineNanos) {
        var id = asked.incrementAndGet();
        var reply = answers.expect(id);
        // The mesh gives up at the deadline, unless its thread no longer works.
        var patience = Duration.ofNanos(deadlineNanos - System.nanoTime()).plus(MESH_THREAD_PATIENCE);
        reply.completeOnTimeout(
                new Reply.Missing("global-control's mesh thread is stuck"), patience.toNanos(), TimeUnit.NANOSECONDS);
        try {
            meshThread.execute(() -> mesh.ask(id, component, question, deadlineNanos));
        } catch (RejectedExecutionException _) {
            answers.abandon(id, "global-control is stopping");
        }
        return reply;
    }
}
