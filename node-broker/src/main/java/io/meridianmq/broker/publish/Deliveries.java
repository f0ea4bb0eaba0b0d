package io.meridianmq.broker.publish;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.session.Subscription;

/** Hands a message to sessions, on the loop that the sessions belong to. Has no state of its own: any loop may use it. */
final class Deliveries {

    private final MessageMetrics metrics;

    Deliveries(MessageMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Delivers to all sessions that have matching subscriptions, once to each but for shared subscriptions, which get
     * copies of their own.
     *
     * @param found changed by the call
     */
    void deliver(Publication publication, Matches found, long nowMillis) {
        if (found.count() == 1) {
            deliverOne(publication, found.get(0), nowMillis);
        } else {
            metrics.delivered(publication, deliverToMany(publication, found, nowMillis), nowMillis);
        }
    }

    void deliverOne(Publication publication, Subscription subscription, long nowMillis) {
        if (handOver(publication, subscription, nowMillis)) {
            metrics.delivered(publication, 1, nowMillis);
        }
    }

    private static int deliverToMany(Publication publication, Matches found, long nowMillis) {
        var sharedCopies = 0;
        var sessions = 0;
        for (var i = 0; i < found.count(); i++) {
            var subscription = found.get(i);
            if (subscription.isShared()) {
                sharedCopies += handOver(publication, subscription, nowMillis) ? 1 : 0; // [MQTT-3.3.4-5]
            } else if (subscription.session().match(subscription, publication)) {
                found.set(sessions++, subscription); // One that has been looked at stands for its session.
            }
        }
        for (var i = 0; i < sessions; i++) {
            found.get(i).session().deliverMatched(publication, nowMillis);
        }
        return sharedCopies + sessions;
    }

    private static boolean handOver(Publication publication, Subscription subscription, long nowMillis) {
        var session = subscription.session();
        if (!session.wants(subscription, publication)) {
            return false;
        }
        session.deliver(publication, subscription.terms(), nowMillis);
        return true;
    }
}
