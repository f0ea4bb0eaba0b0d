package io.meridianmq.broker.mesh;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.mesh.NodeMesh;
import io.meridianmq.fabric.relay.MeshRunner;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators want of this node, from the mesh to who does it, and the answers back. Belongs to the mesh thread. */
final class OperatorQuestions {

    private static final Logger log = LoggerFactory.getLogger(OperatorQuestions.class);

    private final BiConsumer<Question.NodeOperation, Consumer<Answer>> operations;
    private Optional<MeshRunner<NodeMesh>> runner = Optional.empty();

    /** @param operations does what is wanted; called on the mesh thread, may answer on any */
    OperatorQuestions(BiConsumer<Question.NodeOperation, Consumer<Answer>> operations) {
        this.operations = operations;
    }

    /** From now on questions can be answered. */
    void connect(MeshRunner<NodeMesh> meshRunner) {
        runner = Optional.of(meshRunner);
    }

    void onAsked(Frame.Request request, Question.NodeOperation operation) {
        runner.ifPresent(connected -> operations.accept(operation, answer -> answer(connected, request, answer)));
    }

    private static void answer(MeshRunner<NodeMesh> connected, Frame.Request request, Answer answer) {
        try {
            connected.execute(() -> connected.mesh().answer(request, answer));
        } catch (RejectedExecutionException e) {
            log.debug("{} asked while this node was stopping", request.asker(), e);
        }
    }
}
