package io.meridianmq.broker.mesh;

import io.meridianmq.core.route.Destinations.Withheld;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Counts the publications of this node that the platform's settings keep from other regions. Any thread. */
final class BlockedPublications {

    private final LongAdder addressed = new LongAdder();
    private final LongAdder wanted = new LongAdder();

    BlockedPublications(MeterRegistry registry) {
        counter(registry, "addressed", addressed);
        counter(registry, "wanted", wanted);
    }

    void count(Withheld withheld) {
        switch (withheld) {
            case NOBODY -> {}
            case REGIONS -> wanted.increment();
            case EVERYBODY -> addressed.increment();
        }
    }

    private static void counter(MeterRegistry registry, String reason, LongAdder value) {
        FunctionCounter.builder("meridian_cross_region_blocked", value, LongAdder::sum)
                .description("Publications kept from other regions that they address, or that want them")
                .tag("reason", reason)
                .register(registry);
    }
}
