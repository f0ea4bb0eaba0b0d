package io.meridianmq.simulation;

/** A bug to plant, so that the simulation shows that it would find one like it. */
public enum PlantedBug {
    NONE,
    /** Lane frames that are sent again get lost, every third one for good. */
    DROP_A_RESEND,
    /** A receiver skips the content of an interest delta and acknowledges it. */
    SKIP_A_DELTA,
    /** A landing node treats what landed as if it had been published at it. */
    FORGET_SPLIT_HORIZON,
    /** A node says that it has what it has not written down yet. */
    ACCEPT_BEFORE_KEEPING
}
