package io.meridianmq.core.session;

import io.meridianmq.core.publication.Publication;

/**
 * What the component that runs sessions does on their behalf. Everything is called on the session's thread, from within
 * a call to the session, and must not call that session back before it returns, unless it says so.
 */
public interface SessionOwner {

    /** The session is over. {@link Session#subscriptions()} are those that now want nothing any more. */
    void ended(Session session);

    /** A session that goes on has lost its connection, or has one again; see {@link Session#isConnected()}. */
    void presenceChanged(Session session);

    /** A message was not delivered. */
    void dropped(Session session, DropReason reason);

    /**
     * An ended member of a shared subscription left a QoS 1 message unacknowledged; another member should get it.
     *
     * @param publication borrowed for the call
     */
    void passOn(Publication publication, Subscription subscription);

    /**
     * Asks for retained messages, answered with one {@link Session#onRetained}, later than this call.
     *
     * @param afterTopic only topics after this one in topic order; empty from the start
     * @param limit most messages wanted
     */
    void lookUpRetained(Session session, Subscription subscription, String afterTopic, int limit);
}
