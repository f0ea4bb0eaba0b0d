package io.meridianmq.core.claim;

import io.meridianmq.core.link.DueWill;

/** Where the effects of claims go. Called by the thread that drives them. */
public interface ClaimOutlet {

    /** A hybrid logical timestamp greater than all before. */
    long stamp();

    /**
     * Publishes a will, answered with {@link ClaimOwner#onWillPublished} later than this call. It may be the second time,
     * with another owner in between: identity and stamp are the same then.
     */
    void publishWill(DueWill will);

    /** The session of a client that has no connection here is over: it lives elsewhere now, or nowhere. */
    void endSession(String clientId);
}
