package io.meridianmq.control;

import io.grpc.stub.StreamObserver;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.admin.v1.DrainNodeRequest;
import io.meridianmq.proto.admin.v1.MaintenanceGrpc;
import io.meridianmq.proto.admin.v1.NodeDrain;
import io.meridianmq.proto.admin.v1.ResumeNodeRequest;
import java.time.Duration;

/** Takes nodes out of service and puts them back. Calls come on threads that may block. */
final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {

    private static final Duration DELAY = Duration.ofSeconds(5);
    private static final int CLIENTS_PER_SECOND = 100;

    private final Platform platform;
    private final Duration time;

    /** @param time how long a node may take to answer */
    MaintenanceService(Platform platform, Duration time) {
        this.platform = platform;
        this.time = time;
    }

    @Override
    public void drainNode(DrainNodeRequest request, StreamObserver<NodeDrain> observer) {
        Audit.answer(observer, "drain " + request.getPlace(), () -> ask(request.getPlace(), drain(request)));
    }

    @Override
    public void resumeNode(ResumeNodeRequest request, StreamObserver<NodeDrain> observer) {
        Audit.answer(observer, "resume " + request.getPlace(), () -> ask(request.getPlace(), new Question.Resume()));
    }

    private NodeDrain ask(String text, Question.NodeOperation operation) {
        var node = Requests.place("place", text, Place.Level.NODE);
        if (!platform.components().containsKey(node)) {
            throw Requests.notFound(node);
        }
        var survey = new Survey(platform, time);
        return switch (survey.ask(node, operation)
                .orElseThrow(() -> survey.unavailable("nothing is known to have changed: try again"))) {
            case Answer.DrainStatus(var isDraining, var connections, var slots) ->
                NodeDrain.newBuilder()
                        .setPlace(node.toString())
                        .setDraining(isDraining)
                        .setConnections(connections)
                        .setSlots(slots)
                        .build();
            case Answer.ClaimFound _, Answer.SessionFound _, Answer.Disconnected _, Answer.SubscribersFound _ ->
                throw survey.somethingElse(node);
        };
    }

    private static Question.Drain drain(DrainNodeRequest request) {
        var delay = request.hasDelay()
                ? Duration.ofSeconds(
                        request.getDelay().getSeconds(), request.getDelay().getNanos())
                : DELAY;
        var pace = request.getClientsPerSecond() == 0 ? CLIENTS_PER_SECOND : request.getClientsPerSecond();
        try {
            return new Question.Drain(delay.toMillis(), pace);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw Requests.invalid(String.valueOf(e.getMessage()));
        }
    }
}
