package io.meridianmq.fabric.link;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.proto.link.v1.Operation;
import io.meridianmq.proto.link.v1.Outcome;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns what operators want, and what becomes of it, into what links carry, and back. Belongs to the mesh thread. */
final class OperationMapping {

    private final PlaceTexts places;

    OperationMapping(PlaceTexts places) {
        this.places = places;
    }

    Operation encode(Question.Operation operation) {
        var encoded = Operation.newBuilder();
        switch (operation) {
            case Question.FindClaim(var clientSlot, var clientId) ->
                encoded.getFindClaimBuilder().setSlot(clientSlot).setClientId(clientId);
            case Question.Drain(var delayMillis, var clientsPerSecond) ->
                encoded.getDrainBuilder().setDelayMillis(delayMillis).setClientsPerSecond(clientsPerSecond);
            case Question.Resume() -> encoded.setResume(Operation.Resume.getDefaultInstance());
            case Question.FindSession(var clientId) ->
                encoded.getFindSessionBuilder().setClientId(clientId);
            case Question.DisconnectClient(var clientId) ->
                encoded.getDisconnectClientBuilder().setClientId(clientId);
            case Question.FindSubscribers(var topic, var afterClientId, var afterFilter, var limit) ->
                encoded.getFindSubscribersBuilder()
                        .setTopic(topic)
                        .setAfterClientId(afterClientId)
                        .setAfterFilter(afterFilter)
                        .setLimit(limit);
        }
        return encoded.build();
    }

    /**
     * Reads what {@link #encode} makes.
     *
     * @throws IllegalArgumentException if it is something else; the message says what is wrong
     */
    Question.Operation decode(Operation encoded) {
        return switch (encoded.getOperationCase()) {
            case FIND_CLAIM ->
                new Question.FindClaim(
                        encoded.getFindClaim().getSlot(), encoded.getFindClaim().getClientId());
            case DRAIN ->
                new Question.Drain(
                        encoded.getDrain().getDelayMillis(), encoded.getDrain().getClientsPerSecond());
            case RESUME -> new Question.Resume();
            case FIND_SESSION ->
                new Question.FindSession(encoded.getFindSession().getClientId());
            case DISCONNECT_CLIENT ->
                new Question.DisconnectClient(encoded.getDisconnectClient().getClientId());
            case FIND_SUBSCRIBERS -> {
                var find = encoded.getFindSubscribers();
                yield new Question.FindSubscribers(
                        find.getTopic(), find.getAfterClientId(), find.getAfterFilter(), find.getLimit());
            }
            case OPERATION_NOT_SET ->
                throw new IllegalArgumentException("a request has no operation that this version knows");
        };
    }

    Outcome encode(Answer.Outcome outcome) {
        var encoded = Outcome.newBuilder();
        switch (outcome) {
            case Answer.ClaimFound(var owner, var claim) -> {
                var found = encoded.getClaimFoundBuilder().setOwner(places.text(owner));
                claim.ifPresent(view -> found.setClaim(encode(view)));
            }
            case Answer.DrainStatus(var isDraining, var connections, var slots) ->
                encoded.getDrainStatusBuilder()
                        .setDraining(isDraining)
                        .setConnections(connections)
                        .setSlots(slots);
            case Answer.SessionFound(var session) -> {
                var found = encoded.getSessionFoundBuilder();
                session.ifPresent(view -> found.setSession(encode(view)));
            }
            case Answer.Disconnected(var wasConnected) ->
                encoded.getDisconnectedBuilder().setWasConnected(wasConnected);
            case Answer.SubscribersFound(var subscriptions, var groups, var page, var more) -> {
                var found = encoded.getSubscribersFoundBuilder()
                        .setSubscriptions(subscriptions)
                        .setGroups(groups)
                        .setMore(more);
                for (var subscriber : page) {
                    found.addPageBuilder()
                            .setClientId(subscriber.clientId())
                            .setFilter(subscriber.filter())
                            .setConnected(subscriber.isConnected());
                }
            }
        }
        return encoded.build();
    }

    /**
     * Reads what {@link #encode} makes.
     *
     * @throws IllegalArgumentException if it is something else; the message says what is wrong
     */
    Answer.Outcome decode(Outcome encoded) {
        return switch (encoded.getOutcomeCase()) {
            case CLAIM_FOUND -> {
                var found = encoded.getClaimFound();
                yield new Answer.ClaimFound(
                        places.place(found.getOwner()),
                        found.hasClaim() ? Optional.of(decode(found.getClaim())) : Optional.empty());
            }
            case DRAIN_STATUS ->
                new Answer.DrainStatus(
                        encoded.getDrainStatus().getDraining(),
                        encoded.getDrainStatus().getConnections(),
                        encoded.getDrainStatus().getSlots());
            case SESSION_FOUND ->
                new Answer.SessionFound(
                        encoded.getSessionFound().hasSession()
                                ? Optional.of(decode(encoded.getSessionFound().getSession()))
                                : Optional.empty());
            case DISCONNECTED ->
                new Answer.Disconnected(encoded.getDisconnected().getWasConnected());
            case SUBSCRIBERS_FOUND -> decode(encoded.getSubscribersFound());
            case OUTCOME_NOT_SET ->
                throw new IllegalArgumentException("a response has no outcome that this version knows");
        };
    }

    private Outcome.Claim encode(Answer.ClaimView view) {
        var encoded = Outcome.Claim.newBuilder()
                .setNode(places.text(view.node()))
                .setEpoch(view.number().epoch())
                .setCounter(view.number().counter())
                .setExpirySeconds(view.expirySeconds());
        if (!view.isConnected()) {
            encoded.setAwayMillis(view.awayMillis());
        }
        view.willDelaySeconds().ifPresent(encoded::setWillDelaySeconds);
        return encoded.build();
    }

    private Answer.ClaimView decode(Outcome.Claim encoded) {
        return new Answer.ClaimView(
                places.place(encoded.getNode()),
                new ConnectionNumber(encoded.getEpoch(), encoded.getCounter()),
                encoded.getExpirySeconds(),
                encoded.hasWillDelaySeconds() ? OptionalLong.of(encoded.getWillDelaySeconds()) : OptionalLong.empty(),
                encoded.hasAwayMillis() ? encoded.getAwayMillis() : ClaimRecord.CONNECTED);
    }

    private static Outcome.Session encode(Answer.SessionView view) {
        var encoded = Outcome.Session.newBuilder()
                .setExpirySeconds(view.expirySeconds())
                .setSubscriptions(view.subscriptions())
                .setQueued(view.queued())
                .setInFlight(view.inFlight());
        view.connection()
                .ifPresent(connection -> encoded.getConnectionBuilder()
                        .setSinceMillis(connection.sinceMillis())
                        .setAddress(connection.address())
                        .setProtocol(connection.protocol())
                        .setKeepAliveSeconds(connection.keepAliveSeconds())
                        .setUserName(connection.userName()));
        for (var subscription : view.someSubscriptions()) {
            encoded.addSomeSubscriptionsBuilder()
                    .setFilter(subscription.filter())
                    .setMaximumQos(subscription.maximumQos().value());
        }
        return encoded.build();
    }

    private static Answer.SessionView decode(Outcome.Session encoded) {
        var connection = encoded.getConnection();
        var subscriptions = new ArrayList<Answer.SubscriptionView>();
        for (var subscription : encoded.getSomeSubscriptionsList()) {
            subscriptions.add(
                    new Answer.SubscriptionView(subscription.getFilter(), Qos.of(subscription.getMaximumQos())));
        }
        return new Answer.SessionView(
                encoded.hasConnection()
                        ? Optional.of(new Answer.ConnectionView(
                                connection.getSinceMillis(),
                                connection.getAddress(),
                                connection.getProtocol(),
                                connection.getKeepAliveSeconds(),
                                connection.getUserName()))
                        : Optional.empty(),
                encoded.getExpirySeconds(),
                encoded.getSubscriptions(),
                subscriptions,
                encoded.getQueued(),
                encoded.getInFlight());
    }

    private static Answer.SubscribersFound decode(Outcome.SubscribersFound encoded) {
        var page = new ArrayList<Answer.Subscriber>();
        for (var subscriber : encoded.getPageList()) {
            page.add(
                    new Answer.Subscriber(subscriber.getClientId(), subscriber.getFilter(), subscriber.getConnected()));
        }
        return new Answer.SubscribersFound(encoded.getSubscriptions(), encoded.getGroups(), page, encoded.getMore());
    }
}
