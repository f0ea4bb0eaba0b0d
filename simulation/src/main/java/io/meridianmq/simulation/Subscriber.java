package io.meridianmq.simulation;

import io.meridianmq.core.place.Place;
import io.meridianmq.topic.TopicFilter;

/** One subscription at one node. Compared by identity: two clients may subscribe alike. */
final class Subscriber {

    private final Place node;
    private final TopicFilter filter;
    private final long sinceNanos;
    private final boolean durable;
    private long visibleSinceNanos = Long.MAX_VALUE;
    private boolean hasOutlivedItsNode;

    /** @param durable whether what it has got, and it itself, survive a crash of its node */
    Subscriber(Place node, TopicFilter filter, boolean durable, long sinceNanos) {
        this.node = node;
        this.filter = filter;
        this.durable = durable;
        this.sinceNanos = sinceNanos;
    }

    Place node() {
        return node;
    }

    TopicFilter filter() {
        return filter;
    }

    boolean isDurable() {
        return durable;
    }

    /** When its SUBACK was sent, unless it was capped; the end of time before. */
    long visibleSinceNanos() {
        return visibleSinceNanos;
    }

    boolean isVisible() {
        return visibleSinceNanos != Long.MAX_VALUE;
    }

    void visible(long nowNanos) {
        visibleSinceNanos = nowNanos;
    }

    boolean wants(String topic) {
        return !filter.isShared() && filter.matches(topic);
    }

    /** Its node is back after a crash, and so is it. */
    void outlived() {
        hasOutlivedItsNode = true;
    }

    boolean hasOutlivedItsNode() {
        return hasOutlivedItsNode;
    }

    boolean isMember(String group, String plainFilter) {
        return filter.group().filter(group::equals).isPresent()
                && filter.filter().equals(plainFilter);
    }

    @Override
    public String toString() {
        return (durable ? "durable " : "") + filter + " at " + node + " since " + sinceNanos / 1_000_000 + " ms";
    }
}
