package io.meridianmq.control;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Question.FindSubscribers;
import io.meridianmq.core.place.Place;
import io.meridianmq.proto.admin.v1.ListSubscribersResponse;
import io.meridianmq.proto.admin.v1.NodeSubscribers;
import io.meridianmq.proto.admin.v1.Subscriber;
import java.util.ArrayList;
import java.util.List;

/**
 * One page of the subscribers of a topic: counts of all nodes, and subscriptions from where the last page ended.
 *
 * <p>The token of the next page says where this one ended: node, client identifier and filter, separated by the one
 * character that none of them can have.
 *
 * @param size most subscriptions in the page
 * @param node where the last page ended; the whole platform, which comes before all nodes, for the first page
 */
record SubscriberPage(int size, Place node, String clientId, String filter) {

    private static final int SIZE = 100;
    private static final int SIZE_MAX = 1_000;
    private static final String SEPARATOR = "\0";

    /** Refuses a size or a token that cannot be. */
    static SubscriberPage of(int asked, String token) {
        if (asked < 0 || asked > SIZE_MAX) {
            throw Requests.invalid("page_size: " + asked + " is not 1 to " + SIZE_MAX);
        }
        var size = asked == 0 ? SIZE : asked;
        if (token.isEmpty()) {
            return new SubscriberPage(size, Place.GLOBAL, "", "");
        }
        var parts = token.split(SEPARATOR, -1);
        if (parts.length != 3) {
            throw Requests.invalid("page_token: is none that an answer had: give it back as it was, or begin without");
        }
        return new SubscriberPage(size, Requests.place("page_token", parts[0], Place.Level.NODE), parts[1], parts[2]);
    }

    /** Counts what all nodes have, then reads on from those where there is something. */
    ListSubscribersResponse read(String topic, List<Place> nodes, Survey survey) {
        var response = ListSubscribersResponse.newBuilder();
        var left = new ArrayList<Place>();
        survey.ask(nodes, new FindSubscribers(topic, "", "", 1), (place, outcome) -> {
            if (outcome instanceof Answer.SubscribersFound found
                    && !found.page().isEmpty()) {
                response.addNodes(NodeSubscribers.newBuilder()
                        .setNode(place.toString())
                        .setSubscriptions(found.subscriptions())
                        .setGroups(found.groups()));
                if (place.compareTo(node) >= 0) {
                    left.add(place);
                }
            }
        });
        for (var place : left) {
            if (response.getSubscribersCount() == size) {
                return response.setNextPageToken(token(response.getSubscribers(size - 1)))
                        .addAllUnanswered(survey.unanswered())
                        .build();
            }
            if (addFrom(place, topic, survey, response)) {
                response.setNextPageToken(token(response.getSubscribers(response.getSubscribersCount() - 1)));
                break;
            }
        }
        return response.addAllUnanswered(survey.unanswered()).build();
    }

    /** Adds subscriptions of a node; true if it has more than fit. */
    private boolean addFrom(Place place, String topic, Survey survey, ListSubscribersResponse.Builder response) {
        var continues = place.equals(node);
        var question = new FindSubscribers(
                topic, continues ? clientId : "", continues ? filter : "", size - response.getSubscribersCount());
        var outcome = survey.ask(place, question);
        if (outcome.isEmpty() || !(outcome.get() instanceof Answer.SubscribersFound found)) {
            return false;
        }
        for (var subscriber : found.page()) {
            response.addSubscribers(Subscriber.newBuilder()
                    .setNode(place.toString())
                    .setClientId(subscriber.clientId())
                    .setFilter(subscriber.filter())
                    .setConnected(subscriber.isConnected()));
        }
        return found.more() && !found.page().isEmpty();
    }

    private static String token(Subscriber last) {
        return String.join(SEPARATOR, last.getNode(), last.getClientId(), last.getFilter());
    }
}
