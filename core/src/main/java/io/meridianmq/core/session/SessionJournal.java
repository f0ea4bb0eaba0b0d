package io.meridianmq.core.session;

import io.meridianmq.core.publication.PublicationId;
import java.util.List;
import java.util.Optional;

/**
 * Where durable sessions write what they must not forget. What is written is kept in the order of the calls, all of a
 * session's or none that comes later.
 *
 * <p>Everything is called on the sessions' thread and returns at once; answers come on the same thread, later than the call.
 * What is <em>due</em> is written again until it is kept. What is <em>wanted</em> is not kept if there is no room for it, and
 * whoever wanted it is told.
 */
public interface SessionJournal {

    /** What became of something that was written. */
    enum Outcome {
        /** It is kept, and so is all that was written with it. */
        KEPT,
        /** What is due is kept; there was no room for some of what was wanted. */
        REFUSED,
        /** Nothing is kept; what is due is tried again. */
        FAILED
    }

    /** Gets an answer. */
    @FunctionalInterface
    interface Kept {
        void then(Outcome outcome, long nowMillis);
    }

    /** Gets messages that were kept, in the order of the question; one that cannot be read any more is left out. */
    @FunctionalInterface
    interface Loaded {
        /**
         * The answer.
         *
         * @param messages the share of each one's publication passes to the call
         */
        void then(List<KeptMessage> messages, long nowMillis);
    }

    /** The session exists, and {@link Session#facts()} are what they are now. Due. */
    void facts(Session session);

    /**
     * The session has a subscription with these options. Wanted.
     *
     * @param owedAfterTopic where the retained messages begin that it has yet to get, in topic order; empty if none
     */
    void subscription(Session session, Subscription subscription, Optional<String> owedAfterTopic, Kept kept);

    /** The session has a subscription no more. Due. */
    void unsubscribed(Session session, String filter);

    /**
     * A message waits for the session's client. Wanted; answered with {@link Session#onMessageKept} or {@link
     * Session#onMessageRefused}, in the order of the calls.
     *
     * @param message its publication is borrowed until the answer
     */
    void message(Session session, Outbound message);

    /**
     * Whether the session has had a QoS 2 message before a restart that comes a second time now, since whoever sent it was not
     * answered.
     */
    boolean hasHad(Session session, PublicationId id);

    /** The session has no use any more for a message that is kept. Due. */
    void done(long locator);

    /** The session has come further with its messages: {@link Session#progress()} is to be written soon. Due. */
    void progress(Session session);

    /** A QoS 2 message of the client is taken in, and will be published with this identity. Wanted. */
    void takenIn(Session session, int packetIdentifier, PublicationId id, Kept kept);

    /**
     * The exchange about a QoS 2 message of the client is over. Due.
     *
     * @param id what it was {@linkplain #takenIn taken in} as
     */
    void released(Session session, int packetIdentifier, PublicationId id);

    /** The session is over: everything of it goes but the messages, each of which is {@link #done}. Due. */
    void ended(Session session);

    /** Tells when everything is kept that was written until now. */
    void whenKept(Kept kept);

    /** Reads messages that are kept. */
    void load(long[] locators, Loaded loaded);
}
