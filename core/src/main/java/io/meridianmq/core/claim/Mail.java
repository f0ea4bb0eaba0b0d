package io.meridianmq.core.claim;

import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.place.Incarnation;

/** The way to other nodes, and to this one: unreliable, in order while one path lasts. */
@FunctionalInterface
public interface Mail {

    /** Says something; it arrives later than this call, if at all. */
    void say(Incarnation to, ClaimMessage message);
}
