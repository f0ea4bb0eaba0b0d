package io.meridianmq.fabric.directory;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicLong;

/** What the directory counts. Written by its thread, read by whoever scrapes. */
final class EtcdCounters {

    /** Connections to etcd that came about. */
    final AtomicLong connects = new AtomicLong();

    /** Attempts to reach etcd that failed, and connections that broke. */
    final AtomicLong failures = new AtomicLong();

    /** Watches that etcd ended, or whose changes came faster than they could be taken. */
    final AtomicLong watchesLost = new AtomicLong();

    /** Leases that had ended before they were renewed. */
    final AtomicLong leasesLost = new AtomicLong();

    /** Views published. */
    final AtomicLong views = new AtomicLong();

    void bindTo(MeterRegistry registry, Tags tags) {
        count(registry, tags, "connects", "Connections to etcd that came about", connects);
        count(registry, tags, "failures", "Attempts to reach etcd that failed, and connections that broke", failures);
        count(registry, tags, "watches.lost", "Watches that had to be started again", watchesLost);
        count(registry, tags, "leases.lost", "Leases that ended before they were renewed", leasesLost);
        count(registry, tags, "views", "Views of the members that were published", views);
    }

    private static void count(MeterRegistry registry, Tags tags, String name, String description, AtomicLong counter) {
        FunctionCounter.builder("meridian.directory." + name, counter, AtomicLong::doubleValue)
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
