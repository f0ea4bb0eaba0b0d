package io.meridianmq.core.mesh;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.retained.RetainedNode;
import io.meridianmq.core.route.Landing;
import io.meridianmq.core.route.Router;
import java.util.Optional;

/**
 * Questions between components, at a node: finds the way to who is to answer, which may be this node itself, and has those
 * that come here answered by the part that they are about. Remembers nothing of them: whoever asks keeps the time.
 *
 * <p>Owned by the thread that drives the node. A question of this node to itself is answered within the call.
 */
final class NodeQuestions {

    private final Incarnation self;
    private final NodeWays ways;
    private final NodeOutlet outlet;
    private final Router router;
    private final NodeClaims claims;
    private final RetainedNode retained;

    private long nowNanos;
    private long misrouted;

    /** @param router explains where publications go */
    NodeQuestions(
            Incarnation self,
            NodeWays ways,
            NodeOutlet outlet,
            Router router,
            NodeClaims claims,
            RetainedNode retained,
            long nowNanos) {
        this.self = self;
        this.ways = ways;
        this.outlet = outlet;
        this.router = router;
        this.claims = claims;
        this.retained = retained;
        this.nowNanos = nowNanos;
    }

    /** It is this late now. */
    void at(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    /** See {@link NodeMesh#ask}. */
    void ask(long id, Place destination, Question question) {
        var request = new Frame.Request(id, self.place(), destination, question, 0);
        var slot = question.slot();
        if (slot.isPresent() && destination.contains(self.place())) {
            askInRegion(request, slot.getAsInt());
        } else {
            ways.send(request);
        }
    }

    /** See {@link NodeMesh#answer}. */
    void answer(Frame.Request request, Answer answer) {
        var response = new Frame.Response(request.id(), self.place(), request.asker(), answer, 0);
        if (request.asker().equals(self.place())) {
            onResponse(response);
        } else {
            ways.send(response);
        }
    }

    /** Somebody asks this node, or the owner of a slot, which this node is taken for. */
    void onRequest(Frame.Request request) {
        var forSlot = request.question().slot().isPresent();
        if (!(forSlot
                ? request.destination().contains(self.place())
                : request.destination().equals(self.place()))) {
            misrouted++;
            return;
        }
        switch (request.question()) {
            case Question.Explain explain ->
                answer(
                        request,
                        Explanation.of(
                                router, explain, self.place(), ways::nextHop, outlet.filtersHere(explain.topic())));
            case Question.RetainedLookup lookup -> retained.onLookup(request, lookup);
            case Question.RetainedPut put -> retained.onPut(request, put);
            case Question.RetainedSum sum -> retained.onSum(request, sum);
            case Question.Operation operation -> {
                if (request.asker().equals(Place.GLOBAL)) {
                    onOperation(request, operation);
                } else {
                    answer(request, new Answer.Refused("only global-control may ask this of " + self.place()));
                }
            }
        }
    }

    /** Somebody answers. */
    void onResponse(Frame.Response response) {
        if (!retained.onAnswered(response)) {
            outlet.answered(response);
        }
    }

    /** Questions to somebody else. */
    long misrouted() {
        return misrouted;
    }

    /** In its own region a node chooses the zone by itself, and in its own zone the owner. */
    private void askInRegion(Frame.Request request, int slot) {
        var zone = request.destination().level() == Place.Level.REGION
                ? Landing.choose(slot, ways.view().below(request.destination()))
                : Optional.of(request.destination());
        if (zone.isEmpty()) {
            return;
        }
        var inZone = request.to(zone.get());
        if (zone.get().contains(self.place()) && isOwner(slot)) {
            onRequest(inZone);
        } else {
            ways.nextHop(zone.get(), slot).ifPresent(hop -> outlet.send(hop, inZone));
        }
    }

    private boolean isOwner(int slot) {
        return ways.slots().owner(slot).filter(self::equals).isPresent();
    }

    private void onOperation(Frame.Request request, Question.Operation operation) {
        switch (operation) {
            case Question.FindClaim find -> answer(request, claims.look(find.clientId(), nowNanos));
            case Question.NodeOperation _ -> outlet.asked(request);
        }
    }
}
