package io.meridianmq.control;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.proto.admin.v1.ClientsGrpc;
import io.meridianmq.proto.admin.v1.DisconnectClientRequest;
import io.meridianmq.proto.admin.v1.DisconnectClientResponse;
import io.meridianmq.proto.admin.v1.FindSessionRequest;
import io.meridianmq.proto.admin.v1.FindSessionResponse;
import io.meridianmq.proto.admin.v1.ListSubscribersRequest;
import io.meridianmq.proto.admin.v1.ListSubscribersResponse;
import io.meridianmq.proto.admin.v1.Session;
import java.time.Duration;
import java.util.List;

/**
 * The clients of nodes: the owner of a client's slot tells which node has it, that node the rest. Calls come on threads
 * that may block.
 */
final class ClientsService extends ClientsGrpc.ClientsImplBase {

    private static final int CLIENT_ID_CHARS_MAX = 65_535;

    private final Platform platform;
    private final Duration time;

    /** @param time how long nodes may take to answer, all together */
    ClientsService(Platform platform, Duration time) {
        this.platform = platform;
        this.time = time;
    }

    @Override
    public void findSession(FindSessionRequest request, StreamObserver<FindSessionResponse> observer) {
        var what = "look at client " + request.getClientId() + " in " + request.getZone();
        Audit.answer(observer, what, () -> {
            var survey = new Survey(platform, time);
            var found = find(request.getClientId(), request.getZone(), survey);
            var node = found.claim().node();
            var response = FindSessionResponse.newBuilder();
            var outcome = survey.ask(node, new Question.FindSession(request.getClientId()));
            if (outcome.isEmpty()) {
                return response.setSession(found.session())
                        .setUnanswered(survey.unanswered().getLast())
                        .build();
            }
            if (!(outcome.get() instanceof Answer.SessionFound(var session))) {
                throw survey.somethingElse(node);
            }
            var view = session.orElseThrow(() -> moved(request.getClientId(), node));
            return response.setSession(ClientMessages.with(found.session(), view))
                    .build();
        });
    }

    @Override
    public void disconnectClient(DisconnectClientRequest request, StreamObserver<DisconnectClientResponse> observer) {
        var clientId = request.getClientId();
        var what = "disconnect client " + clientId + " in " + request.getZone();
        Audit.answer(observer, what, () -> {
            var survey = new Survey(platform, time);
            var claim = find(clientId, request.getZone(), survey).claim();
            var node = claim.node();
            if (!claim.isConnected()) {
                throw Requests.refusal(
                        Status.FAILED_PRECONDITION,
                        clientId + " is not connected: only its session waits, at " + node + "; nothing was done");
            }
            var outcome = survey.ask(node, new Question.DisconnectClient(clientId))
                    .orElseThrow(() -> survey.unavailable("whether the connection is closed is not known: try again. A"
                            + " node that has failed loses its clients within 10 s"));
            if (!(outcome instanceof Answer.Disconnected(var wasConnected))) {
                throw survey.somethingElse(node);
            }
            if (!wasConnected) {
                throw moved(clientId, node);
            }
            return DisconnectClientResponse.newBuilder()
                    .setNode(node.toString())
                    .build();
        });
    }

    @Override
    public void listSubscribers(ListSubscribersRequest request, StreamObserver<ListSubscribersResponse> observer) {
        Audit.answer(observer, "list subscribers of " + request.getTopic(), () -> {
            var topic = Requests.topic(request.getTopic());
            var within = request.getPlace().isEmpty()
                    ? Place.GLOBAL
                    : Requests.place(
                            "place", request.getPlace(), Place.Level.REGION, Place.Level.ZONE, Place.Level.NODE);
            var page = SubscriberPage.of(request.getPageSize(), request.getPageToken());
            return page.read(topic, nodesOf(within), new Survey(platform, time));
        });
    }

    /**
     * A client as the owner of its slot knows it.
     *
     * @param session what of it goes into an answer
     */
    private record Found(Answer.ClaimView claim, Session session) {}

    /** Asks the owner of the client's slot. */
    private Found find(String clientIdText, String zoneText, Survey survey) {
        var clientId = clientId(clientIdText);
        var zone = Requests.place("zone", zoneText, Place.Level.ZONE);
        if (!platform.components().containsKey(zone)) {
            throw Requests.notFound(zone);
        }
        var slot = SlotHash.ofClient(clientId);
        var outcome = survey.ask(zone, new Question.FindClaim(slot, clientId))
                .orElseThrow(
                        () -> survey.unavailable("if it goes on, look at the state of the zone's gateway and nodes"));
        if (!(outcome instanceof Answer.ClaimFound(var owner, var claim))) {
            throw survey.somethingElse(zone);
        }
        var known = claim.orElseThrow(() -> Requests.refusal(
                Status.NOT_FOUND,
                clientId + " has neither a connection nor a session in " + zone
                        + ": look in the zone that it connects to; capital letters count"));
        return new Found(known, ClientMessages.session(clientId, slot, owner, known));
    }

    private static StatusRuntimeException moved(String clientId, Place node) {
        return Requests.refusal(Status.ABORTED, clientId + " has left " + node + " while it was looked for: try again");
    }

    private static String clientId(String text) {
        if (text.isEmpty()) {
            throw Requests.invalid("client_id: is empty: name a client");
        }
        return Requests.text("client_id", text, CLIENT_ID_CHARS_MAX);
    }

    /** The nodes that are known in a place, in place order; refuses a place that is not known. */
    private List<Place> nodesOf(Place within) {
        var components = platform.components();
        if (!within.equals(Place.GLOBAL) && !components.containsKey(within)) {
            throw Requests.notFound(within);
        }
        return components.keySet().stream()
                .filter(place -> place.level() == Place.Level.NODE && within.contains(place))
                .toList();
    }
}
