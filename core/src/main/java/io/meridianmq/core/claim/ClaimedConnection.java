package io.meridianmq.core.claim;

import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;

/** One client's connection as its claim sees it. Called by the thread that drives the claims. Compared by identity. */
public interface ClaimedConnection {

    /** Why a connection has to end. */
    enum Expulsion {
        /** The client connected again, here or elsewhere. [MQTT-3.1.4-3] */
        TAKEN_OVER,
        /** Whether it did cannot be known: the owner of its slot has not been heard of for too long. */
        OWNER_UNREACHABLE
    }

    /** Why a connection cannot be opened. */
    enum Refusal {
        /** A limit is reached. */
        QUOTA_EXCEEDED,
        /** The owner of its slot did not answer for too long. */
        OWNER_UNREACHABLE
    }

    /**
     * The client has the zone's one connection of its identifier: its session can be opened.
     *
     * @param number of the connection
     * @param continues whether a session that is there goes on, unless the client wants a clean start; if not, it ends
     * @param home the node that has the session, or is to have it: this one, or another one of the zone
     */
    void granted(ConnectionNumber number, boolean continues, Incarnation home);

    /** The connection cannot be opened. Nothing follows. */
    void refused(Refusal reason);

    /**
     * The connection has to end, open or not. Nothing follows.
     *
     * @param sessionEnds whether its session ends at once, too; else it waits for the client as after any loss
     */
    void expelled(Expulsion reason, boolean sessionEnds);
}
