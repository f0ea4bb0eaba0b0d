package io.meridianmq.broker.publish;

import io.meridianmq.core.clock.HybridClock;
import io.meridianmq.core.publication.Publication;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts messages, and times one in {@value #TIMED_ONE_IN} of them. Any thread. */
public final class MessageMetrics {

    /** A power of two. */
    private static final int TIMED_ONE_IN = 64;

    /** Upper bounds of the histogram; the stamps that are compared count milliseconds. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    final LongAdder published = new LongAdder();
    final LongAdder deliveredLocally = new LongAdder();
    final LongAdder routedRemote = new LongAdder();
    final LongAdder floodDrops = new LongAdder();
    private final Timer deliveryDuration;

    public MessageMetrics(MeterRegistry registry) {
        counter(registry, "mqtt_messages_total", "Messages published by clients of this node", published);
        growingGauge(
                registry,
                "mqtt_messages_delivered_locally",
                "Copies of messages handed to sessions of this node",
                deliveredLocally);
        growingGauge(
                registry,
                "mqtt_messages_routed_remote",
                "Messages of clients of this node that were sent on to others",
                routedRemote);
        counter(
                registry,
                "mqtt_messages_dropped_handoff",
                "Copies of QoS 0 messages dropped because too much was on its way to another event loop",
                floodDrops);
        deliveryDuration = Timer.builder("mqtt_message_delivery_duration")
                .description(
                        "From the publish at any node to sessions of this node, by both nodes' clocks; one message in "
                                + TIMED_ONE_IN)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /** Messages published by clients of this node. */
    public long published() {
        return published.sum();
    }

    /** Copies handed to sessions of this node. */
    public long delivered() {
        return deliveredLocally.sum();
    }

    /** A message has been handed to sessions of one loop. */
    void delivered(Publication publication, int sessions, long nowMillis) {
        deliveredLocally.add(sessions);
        // Chosen by its number, so that nothing need be counted for it.
        if (sessions > 0 && (publication.id().number() & (TIMED_ONE_IN - 1)) == 0) {
            var millis = nowMillis - HybridClock.millisOf(publication.timestamp());
            deliveryDuration.record(Math.max(0, millis), TimeUnit.MILLISECONDS); // The origin's clock may be ahead.
        }
    }

    private static void counter(MeterRegistry registry, String name, String description, LongAdder value) {
        FunctionCounter.builder(name, value, LongAdder::sum)
                .description(description)
                .register(registry);
    }

    /** A counter that is called exactly so: of a counter meter, Prometheus's library makes a name that ends in _total. */
    private static void growingGauge(MeterRegistry registry, String name, String description, LongAdder value) {
        Gauge.builder(name, value, LongAdder::sum).description(description).register(registry);
    }
}
