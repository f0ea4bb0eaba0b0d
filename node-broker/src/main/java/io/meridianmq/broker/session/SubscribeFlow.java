package io.meridianmq.broker.session;

import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.SubscribePacket;
import io.meridianmq.broker.packet.UnsubscribePacket;
import io.meridianmq.broker.publish.Mesh;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.session.CloseReason;
import io.meridianmq.core.session.RetainHandling;
import io.meridianmq.core.session.Session;
import io.meridianmq.core.session.SessionJournal;
import io.meridianmq.core.session.SubscribeResult.Refused;
import io.meridianmq.core.session.SubscribeResult.Subscribed;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.session.SubscriptionOptions;
import io.meridianmq.topic.TopicFilter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The life of a subscription: entered in the session, made visible, confirmed, then given what is retained. Who may
 * subscribe is decided before. Has no state of its own: called on the loop of the session.
 */
public final class SubscribeFlow {

    private final Mesh mesh;
    private final InstantSource clock;

    public SubscribeFlow(Mesh mesh, InstantSource clock) {
        this.mesh = mesh;
        this.clock = clock;
    }

    /** One SUBSCRIBE on its way to its SUBACK. Belongs to the session's loop. */
    private final class Request {
        private final Session session;
        private final ClientPort port;
        private final SubscribePacket packet;
        private final List<ReasonCode> verdicts;
        private final int packetBytes;
        private final List<ReasonCode> reasonCodes = new ArrayList<>();
        private final List<Subscription> owedRetained = new ArrayList<>();
        private int invisible = 1;

        Request(Session session, ClientPort port, SubscribePacket packet, List<ReasonCode> verdicts, int packetBytes) {
            this.session = session;
            this.port = port;
            this.packet = packet;
            this.verdicts = verdicts;
            this.packetBytes = packetBytes;
        }

        void start() {
            for (var i = 0; i < verdicts.size(); i++) { // [MQTT-3.8.4-5] [MQTT3-3.8.4-4]
                if (verdicts.get(i).isFailure()) {
                    reasonCodes.add(verdicts.get(i));
                    continue;
                }
                var wanted = packet.subscriptions().get(i);
                var options = new SubscriptionOptions(
                                wanted.maximumQos(),
                                wanted.noLocal(),
                                wanted.retainAsPublished(),
                                RetainHandling.of(wanted.retainHandling().value()),
                                packet.subscriptionIdentifier())
                        .shared();
                enter(wanted.topicFilter(), options);
            }
            becameVisible();
        }

        private void enter(TopicFilter filter, SubscriptionOptions options) {
            switch (session.subscribe(filter.text(), options)) {
                case Subscribed subscribed -> {
                    reasonCodes.add(granted(options.maximumQos())); // [MQTT-3.8.4-7]
                    if (subscribed.sendRetained()) {
                        owedRetained.add(subscribed.subscription()); // [MQTT3-3.3.1-6]
                    }
                    keep(filter, subscribed, reasonCodes.size() - 1);
                    invisible++;
                    // One that exists already may be on its way still: SUBACK waits for it as well.
                    mesh.subscribe(filter, subscribed.subscription(), this::becameVisible);
                }
                case Refused _ -> reasonCodes.add(ReasonCode.QUOTA_EXCEEDED);
            }
        }

        /** SUBACK waits until the subscription is kept, if it is to outlive the node. */
        private void keep(TopicFilter filter, Subscribed subscribed, int index) {
            invisible++;
            session.keep(
                    subscribed,
                    (outcome, _) -> {
                        if (outcome != SessionJournal.Outcome.KEPT) {
                            reasonCodes.set(index, ReasonCode.QUOTA_EXCEEDED);
                            owedRetained.remove(subscribed.subscription());
                            session.unsubscribe(filter.text())
                                    .ifPresent(subscription -> mesh.unsubscribe(filter, subscription));
                        }
                        becameVisible();
                    },
                    clock.millis());
        }

        private void becameVisible() {
            invisible--;
            if (invisible == 0) {
                port.dealtWith(packetBytes);
                if (session.isConnectedOver(port)) {
                    // [MQTT-2.2.1-6] [MQTT-3.8.4-2] [MQTT3-2.3.1-7] [MQTT3-3.8.4-1] [MQTT3-3.8.4-2] [MQTT3-3.8.4-5]
                    port.sendSubAck(packet.packetIdentifier(), reasonCodes); // [MQTT-3.8.4-1] [MQTT-3.8.4-6]
                    // After the interest is effective, so that nothing falls between what is retained and what is live.
                    owedRetained.forEach(subscription -> session.replayRetained(subscription, clock.millis()));
                }
            }
        }
    }

    /** @param verdicts one for each subscription: success, or why it is refused already */
    void subscribe(
            Session session, ClientPort port, SubscribePacket packet, List<ReasonCode> verdicts, int packetBytes) {
        new Request(session, port, packet, verdicts, packetBytes).start();
    }

    /** What the session has subscribed to. */
    List<TopicFilter> filters(Session session) {
        return session.subscriptions().stream()
                .map(subscription -> TopicFilter.of(subscription.filter()))
                .toList();
    }

    /** Ends the subscriptions that the session may not have any more, and tells how many these were. */
    int unsubscribeUnless(Session session, Predicate<TopicFilter> allowed) {
        var forbidden = filters(session).stream().filter(allowed.negate()).toList();
        for (var filter : forbidden) {
            session.unsubscribe(filter.text()).ifPresent(subscription -> mesh.unsubscribe(filter, subscription));
        }
        return forbidden.size();
    }

    void unsubscribe(Session session, ClientPort port, UnsubscribePacket packet) {
        var reasonCodes = new ArrayList<ReasonCode>();
        for (var filter : packet.topicFilters()) { // [MQTT-3.10.4-6] [MQTT3-3.10.4-6]
            // [MQTT3-3.10.4-1] [MQTT3-3.10.4-2]
            var removed = session.unsubscribe(filter.text()); // [MQTT-3.10.4-1] [MQTT-3.10.4-2]
            removed.ifPresent(subscription -> mesh.unsubscribe(filter, subscription));
            reasonCodes.add(removed.isPresent() ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED);
        }
        session.whenKept(
                (outcome, nowMillis) -> {
                    if (!session.isConnectedOver(port)) {
                        return;
                    }
                    if (outcome == SessionJournal.Outcome.FAILED) {
                        session.close(CloseReason.QUOTA_EXCEEDED, nowMillis); // It is taken back later all the same.
                    } else {
                        // [MQTT3-3.10.4-4] [MQTT3-3.10.4-5] [MQTT-2.2.1-6]
                        port.sendUnsubAck(packet.packetIdentifier(), reasonCodes); // [MQTT-3.10.4-4] [MQTT-3.10.4-5]
                    }
                },
                clock.millis());
    }

    /** A session's subscriptions from before a restart. */
    void restore(List<Subscription> subscriptions, Runnable onVisible) {
        var invisible = new int[] {subscriptions.size()};
        if (subscriptions.isEmpty()) {
            onVisible.run();
        }
        for (var subscription : subscriptions) {
            mesh.subscribe(TopicFilter.of(subscription.filter()), subscription, () -> {
                invisible[0]--;
                if (invisible[0] == 0) {
                    onVisible.run();
                }
            });
            if (subscription.isShared()) {
                presence(subscription);
            }
        }
    }

    /** The subscription's session is over. */
    void withdraw(Subscription subscription) {
        mesh.unsubscribe(TopicFilter.of(subscription.filter()), subscription);
    }

    /** A member of a shared subscription has lost its connection, or has one again. */
    void presence(Subscription shared) {
        mesh.presence(TopicFilter.of(shared.filter()), shared, shared.session().isConnected());
    }

    private static ReasonCode granted(Qos qos) {
        return switch (qos) {
            case AT_MOST_ONCE -> ReasonCode.GRANTED_QOS_0;
            case AT_LEAST_ONCE -> ReasonCode.GRANTED_QOS_1;
            case EXACTLY_ONCE -> ReasonCode.GRANTED_QOS_2;
        };
    }
}
