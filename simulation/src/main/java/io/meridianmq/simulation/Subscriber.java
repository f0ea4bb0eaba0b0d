package io.meridianmq.simulation;

import io.meridianmq.core.place.Place;
import io.meridianmq.topic.TopicFilter;

/** One subscription at one node. Compared by identity: two clients may subscribe alike. */
final class Subscriber {

    private final Place node;
    private final TopicFilter filter;
    private final long sinceNanos;
    private long visibleSinceNanos = Long.MAX_VALUE;

    Subscriber(Place node, TopicFilter filter, long sinceNanos) {
        this.node = node;
        this.filter = filter;
        this.sinceNanos = sinceNanos;
    }

    Place node() {
        return node;
    }

    TopicFilter filter() {
        return filter;
    }

    /** When its SUBACK was sent, unless it was capped; the end of time before. */
    long visibleSinceNanos() {
        return visibleSinceNanos;
    }

    void visible(long nowNanos) {
        visibleSinceNanos = nowNanos;
    }

    boolean isMember(String group, String plainFilter) {
        return filter.group().filter(group::equals).isPresent()
                && filter.filter().equals(plainFilter);
    }

    @Override
    public String toString() {
        return filter + " at " + node + " since " + sinceNanos / 1_000_000 + " ms";
    }
}
