package io.meridianmq.control;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.mesh.ControlOutlet;
import io.meridianmq.core.place.Place;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Questions that wait for their answers. As many are remembered as the mesh lets wait, and those on their way to it.
 *
 * <p>Any thread may call.
 */
final class Answers {

    private final Map<Long, CompletableFuture<Reply>> waiting = new ConcurrentHashMap<>();

    /** Completes with what becomes of the question that will be asked with this number. */
    CompletableFuture<Reply> expect(long id) {
        var reply = new CompletableFuture<Reply>();
        waiting.put(id, reply);
        return reply.whenComplete((_, _) -> waiting.remove(id));
    }

    /** The question never got as far as the mesh. */
    void abandon(long id, String reason) {
        complete(id, new Reply.Missing(reason));
    }

    /** Where the mesh's effects go: its frames to {@code send}, its answers to those who wait. */
    ControlOutlet outlet(BiConsumer<Place, Frame> send) {
        return new MeshEffects(send);
    }

    private void complete(long id, Reply reply) {
        var waiter = waiting.get(id);
        if (waiter != null) {
            waiter.complete(reply);
        }
    }

    private final class MeshEffects implements ControlOutlet {

        private final BiConsumer<Place, Frame> send;

        MeshEffects(BiConsumer<Place, Frame> send) {
            this.send = send;
        }

        @Override
        public void send(Place neighbour, Frame frame) {
            send.accept(neighbour, frame);
        }

        @Override
        public void asked(Frame.Request request) {
            throw new AssertionError("the mesh of global-control answers questions itself: " + request);
        }

        @Override
        public void answered(Frame.Response response) {
            complete(response.id(), new Reply.Answered(response.answer()));
        }

        @Override
        public void unanswered(long id, Place component, Cause cause) {
            complete(id, new Reply.Missing(cause.words()));
        }

        @Override
        public void reported(Frame.Report report) {
            // The mesh keeps the last report of everybody: nothing else is to be done with it.
        }
    }
}
