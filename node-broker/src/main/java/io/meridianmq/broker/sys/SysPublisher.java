package io.meridianmq.broker.sys;

import io.meridianmq.core.publication.Publication;
import java.time.Duration;
import java.util.function.Consumer;

/** Reads the node's figures once in an interval and publishes those that changed. Belongs to one loop. */
public final class SysPublisher {

    private final SysTopics topics;
    private final long intervalNanos;
    private final Consumer<Publication> onChange;
    private long dueNanos;

    /**
     * Reads the figures once, so that subscribers find them from the start.
     *
     * @param onChange delivers a message, which is borrowed for the call
     */
    public SysPublisher(SysTopics topics, Duration interval, Consumer<Publication> onChange, long nowNanos) {
        this.topics = topics;
        this.intervalNanos = interval.toNanos();
        this.onChange = onChange;
        this.dueNanos = nowNanos + intervalNanos;
        topics.refresh(_ -> {});
    }

    /** To be called a few times a second. */
    public void tick(long nowNanos) {
        if (nowNanos - dueNanos >= 0) {
            dueNanos = nowNanos + intervalNanos;
            topics.refresh(onChange);
        }
    }
}
