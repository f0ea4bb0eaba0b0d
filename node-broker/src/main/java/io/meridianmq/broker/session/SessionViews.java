package io.meridianmq.broker.session;

import io.meridianmq.core.link.Answer;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.Subscription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Sessions as operators see them. For the loop of the session. */
final class SessionViews {

    private static final Comparator<Subscription> BY_FILTER = Comparator.comparing(Subscription::filter);

    private SessionViews() {}

    static Answer.SessionView of(Session session) {
        return new Answer.SessionView(
                session.port().filter(ClientPort.class::isInstance).map(port -> ((ClientPort) port).view()),
                session.sessionExpirySeconds(),
                session.subscriptions().size(),
                first(session),
                session.queued(),
                session.inFlight());
    }

    /** Those whose filters come first; of ten thousand, without sorting them all. */
    private static List<Answer.SubscriptionView> first(Session session) {
        var first = new PriorityQueue<>(BY_FILTER.reversed());
        for (var subscription : session.subscriptions()) {
            first.add(subscription);
            if (first.size() > Answer.SessionView.SUBSCRIPTIONS_MAX) {
                first.remove();
            }
        }
        var sorted = new ArrayList<>(first);
        sorted.sort(BY_FILTER);
        return sorted.stream()
                .map(subscription -> new Answer.SubscriptionView(
                        subscription.filter(), subscription.options().maximumQos()))
                .toList();
    }
}
