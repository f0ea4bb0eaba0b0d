package io.meridianmq.broker.publish;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/** Counts messages. Any thread. */
public final class MessageMetrics {

    final LongAdder published = new LongAdder();
    final LongAdder deliveredLocally = new LongAdder();
    final LongAdder routedRemote = new LongAdder();
    final LongAdder floodDrops = new LongAdder();

    public MessageMetrics(MeterRegistry registry) {
        counter(registry, "mqtt_messages_total", "Messages published by clients of this node", published);
        counter(
                registry,
                "mqtt_messages_delivered_locally",
                "Copies of messages handed to sessions of this node",
                deliveredLocally);
        counter(
                registry,
                "mqtt_messages_routed_remote",
                "Messages of clients of this node that were sent on to others",
                routedRemote);
        counter(
                registry,
                "mqtt_messages_dropped_handoff",
                "Copies of QoS 0 messages dropped because too much was on its way to another event loop",
                floodDrops);
    }

    private static void counter(MeterRegistry registry, String name, String description, LongAdder value) {
        FunctionCounter.builder(name, value, LongAdder::sum)
                .description(description)
                .register(registry);
    }
}
