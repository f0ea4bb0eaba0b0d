package io.meridianmq.broker.publish;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.topic.TopicFilter;

/**
 * The life of a publish on the loop of its publisher's session. Who may publish is decided before.
 *
 * <p>Belongs to one loop.
 */
public final class PublishFlow {

    /** Nobody subscribed; only MQTT 5 tells the publisher. */
    private static final int NO_MATCHING_SUBSCRIBERS = 0x10;

    /** The topic addresses a region that it may not go to. */
    private static final int NOT_AUTHORIZED = 0x87;

    /** A topic that no client may publish to. */
    private static final int TOPIC_NAME_INVALID = 0x90;

    private static final String RESERVED = "$SYS";

    private final RetainedMessages retained;
    private final Mesh mesh;
    private final Fanout fanout;
    private final MessageMetrics metrics;

    public PublishFlow(RetainedMessages retained, Mesh mesh, Fanout fanout, MessageMetrics metrics) {
        this.retained = retained;
        this.mesh = mesh;
        this.fanout = fanout;
        this.metrics = metrics;
    }

    /**
     * Publishes.
     *
     * @param publication borrowed for the call
     * @param acceptance complete when everybody who must have the message before its publisher is answered has it
     */
    public void publish(Publication publication, Acceptance acceptance) {
        if (isReserved(publication.topic())) {
            acceptance.complete(TOPIC_NAME_INVALID);
            return;
        }
        metrics.published.increment();
        var route = mesh.route(publication);
        if (route.isRefused()) {
            acceptance.complete(NOT_AUTHORIZED);
            return;
        }
        retain(publication, acceptance);
        var matched = fanout.deliver(publication, route, acceptance);
        forward(publication, route, acceptance);
        acceptance.complete(matched > 0 || route.leavesNode() ? 0 : NO_MATCHING_SUBSCRIBERS);
    }

    /** Whether a topic is for the broker's own messages alone (MQTT 5, section 4.7.2). */
    public static boolean isReserved(String topic) {
        return topic.startsWith(RESERVED)
                && (topic.length() == RESERVED.length() || topic.charAt(RESERVED.length()) == '/');
    }

    /**
     * Delivers a message of the node itself to its own subscribers. Nobody else hears of it.
     *
     * @param publication borrowed for the call
     */
    public void deliverHere(Publication publication) {
        fanout.deliver(publication, Route.ONLY_HERE, Acceptance.NOT_AWAITED);
    }

    /**
     * Gives a QoS 1 message that a member of a shared subscription left behind at its end to another one, on this node if
     * there is one (MQTT 5, section 4.8.2).
     *
     * @param publication borrowed for the call
     * @param onNobody run, by any thread, if nobody gets it
     */
    public void passOn(Publication publication, Subscription from, Runnable onNobody) {
        if (!fanout.passOn(publication, from)) {
            mesh.passOn(publication, TopicFilter.of(from.filter()), onNobody);
        }
    }

    private void retain(Publication publication, Acceptance acceptance) {
        if (publication.retain()) { // [MQTT-3.3.1-8] [MQTT3-3.3.1-12]
            acceptance.expect();
            retained.store(publication, acceptance::completeLater); // [MQTT3-3.3.1-5] [MQTT3-3.3.1-7]
        }
    }

    private void forward(Publication publication, Route route, Acceptance acceptance) {
        if (route.leavesNode()) {
            metrics.routedRemote.increment();
            mesh.forward(publication, route, acceptance);
        }
    }
}
