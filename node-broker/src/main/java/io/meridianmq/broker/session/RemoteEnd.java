package io.meridianmq.broker.session;

import io.meridianmq.broker.remote.Passage;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.session.CloseReason;

/** This node's end of what goes over one connection number to a session at another node. Belongs to its loop. */
sealed interface RemoteEnd permits RemoteSession, Bequest {

    long connection();

    boolean goesBy(Passage other);

    /** Something came for this end. */
    void arrived(CanonicalBytes body);

    /** Ends it from this side. */
    void end(CloseReason reason);
}
