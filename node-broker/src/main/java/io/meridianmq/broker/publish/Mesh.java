package io.meridianmq.broker.publish;

import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.session.Subscription;
import io.meridianmq.core.slot.SlotTable;
import io.meridianmq.topic.TopicFilter;

/**
 * Everybody else, as this node's sessions and publishers see them, and the one writer of the node's subscription trie.
 *
 * <p>{@link StandaloneMesh} is a node on its own. Loops call; nothing blocks.
 */
public interface Mesh {

    /**
     * Enters a subscription into the trie and makes its filter known as far as SUBACK promises. Entering one that is
     * there already changes nothing, but is answered all the same.
     *
     * @param onVisible run on the loop of the subscription's session when messages published from now on will come
     */
    void subscribe(TopicFilter filter, Subscription subscription, Runnable onVisible);

    /** Takes a subscription out of the trie and, if it was the last one, back. */
    void unsubscribe(TopicFilter filter, Subscription subscription);

    /** A member of a shared subscription that has not ended lost its connection, or has one again: others are preferred. */
    void presence(TopicFilter filter, Subscription shared, boolean isConnected);

    /** Who has which slot of the zone, as last heard. Any thread may call. */
    SlotTable slots();

    /** Decides who else gets a message of a publisher on this node. */
    Route route(Publication publication);

    /**
     * Sends a message to everybody on its route but this node.
     *
     * @param publication borrowed for the call
     * @param acceptance each part that the publisher has to wait for is {@linkplain Acceptance#expect announced} during
     *     the call
     */
    void forward(Publication publication, Route route, Acceptance acceptance);

    /**
     * Gives a QoS 1 message that an ended member of a shared subscription left behind to a member elsewhere.
     * (MQTT 5, section 4.8.2)
     *
     * @param publication borrowed for the call
     * @param onNobody run, by any thread, if there is none, or no room for it
     */
    void passOn(Publication publication, TopicFilter shared, Runnable onNobody);
}
