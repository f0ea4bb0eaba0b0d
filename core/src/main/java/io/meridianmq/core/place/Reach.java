package io.meridianmq.core.place;

/**
 * How far something extends from the node it is on: a filter's advertisement, or the visibility a subscriber asks for.
 *
 * <p>Ordered from near to far.
 */
public enum Reach {
    NODE,
    ZONE,
    REGION,
    GLOBAL;

    /** Whether this reach covers all that {@code other} covers. */
    public boolean covers(Reach other) {
        return compareTo(other) >= 0;
    }
}
