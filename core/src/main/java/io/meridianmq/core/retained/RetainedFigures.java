package io.meridianmq.core.retained;

/**
 * What there is to measure of a node's part in keeping retained messages; counts are since it started.
 *
 * @param puts publishes with RETAIN at this node
 * @param putsUnderWay those that are not on every disk they should be on
 * @param putsRefused those that were refused because too many were under way
 * @param lookups pages that subscribers of this node asked for
 * @param missed places that did not answer a look-up; copies answered for them where there are any
 * @param outbox publications that other zones and regions have yet to get
 * @param deferred publications that found the outbox full, and go when their slot is gone through
 * @param slotsDue slots that this node has yet to fill at another, to settle or to compare
 * @param filled copies of slots that this node has filled
 * @param handedOver publications that lay here and were given to where they belong
 * @param differences slots that another region had otherwise
 */
public record RetainedFigures(
        long puts,
        int putsUnderWay,
        long putsRefused,
        long lookups,
        long missed,
        int outbox,
        long deferred,
        int slotsDue,
        long filled,
        long handedOver,
        long differences) {

    /** Of a node that has not begun. */
    public static final RetainedFigures NONE = new RetainedFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
