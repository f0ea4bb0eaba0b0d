package io.meridianmq.broker.mesh;

/** Where a subscription has to be known before it is acknowledged. */
public enum Visibility {
    /** At this node: others learn of it a moment later. */
    LOCAL,
    /** At every live member of the zone, as far as that does not take too long. */
    ZONE
}
