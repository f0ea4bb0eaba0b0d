package io.meridianmq.broker.mesh;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.fabric.relay.MeshRunner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to the other nodes of the zone, and theirs to this one. Belongs to the mesh thread.
 *
 * <p>At most {@value #OPEN_MAX} questions are open; one more makes the oldest unanswered for good, which whoever asked it
 * has long given up waiting for.
 */
final class PeerQuestions {

    private static final Logger log = LoggerFactory.getLogger(PeerQuestions.class);

    private static final int OPEN_MAX = 10_000;

    private final BiConsumer<Question.RetainedLookup, Consumer<Answer>> store;
    private final Map<Long, Consumer<Answer>> open = new LinkedHashMap<>();
    private Optional<MeshRunner<NodeMesh>> runner = Optional.empty();
    private long lastId;

    /** @param store answers from this node's disk; may answer on any thread, and releases what it found afterwards */
    PeerQuestions(BiConsumer<Question.RetainedLookup, Consumer<Answer>> store) {
        this.store = store;
    }

    /** From now on questions can be answered. */
    void connect(MeshRunner<NodeMesh> meshRunner) {
        runner = Optional.of(meshRunner);
    }

    void ask(Place node, Question question, Consumer<Answer> onAnswer) {
        if (open.size() >= OPEN_MAX) {
            open.remove(open.keySet().iterator().next());
        }
        lastId++;
        open.put(lastId, onAnswer);
        runner.ifPresent(connected -> connected.mesh().ask(lastId, node, question));
    }

    void onAnswered(Frame.Response response) {
        var onAnswer = open.remove(response.id());
        if (onAnswer != null) {
            onAnswer.accept(response.answer());
        }
    }

    void onAsked(Frame.Request request) {
        if (!(request.question() instanceof Question.RetainedLookup lookup)) {
            return; // The mesh answers everything else by itself.
        }
        runner.ifPresent(connected -> store.accept(lookup, answer -> respond(connected, request, answer)));
    }

    /** On the thread that read from the disk, which releases what it found when this returns. */
    private static void respond(MeshRunner<NodeMesh> connected, Frame.Request request, Answer answer) {
        if (answer instanceof Answer.RetainedFound found) {
            found.found().forEach(Publication::share);
        }
        try {
            connected.execute(() -> {
                connected.mesh().answer(request, answer);
                release(answer);
            });
        } catch (RejectedExecutionException e) {
            log.debug("{} asked while this node was stopping", request.asker(), e);
            release(answer);
        }
    }

    private static void release(Answer answer) {
        if (answer instanceof Answer.RetainedFound found) {
            found.found().forEach(Publication::release);
        }
    }
}
