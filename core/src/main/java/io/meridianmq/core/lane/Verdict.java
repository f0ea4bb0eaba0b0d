package io.meridianmq.core.lane;

/** What a receiver makes of one lane frame. */
public enum Verdict {
    /** The next number: the caller places the publication before the next flush of acknowledgements. */
    ACCEPTED,
    /**
     * A number that was accepted before and could not be kept: the caller hands it once more to whoever keeps it, and to
     * nobody else.
     */
    KEEP_AGAIN,
    /** A number that was accepted before; acknowledged again. */
    DUPLICATE,
    /** A number above the next one; the source is asked to go back. */
    GAP,
    /** The next number without capacity for it, or a lane beyond the limit of lanes; the source keeps it. */
    REFUSED,
    /** From a boot of the source that has ended; not answered. */
    STALE
}
