package io.meridianmq.broker.session;

import io.meridianmq.core.session.DropReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts sessions and what they could not deliver. Any thread. */
public final class SessionMetrics {

    private final Map<DropReason, Counter> drops = new EnumMap<>(DropReason.class);
    final Counter takeovers;
    final Counter withdrawn;
    final Counter inherited;

    public SessionMetrics(MeterRegistry registry, ClientRegistry clients) {
        Gauge.builder("mqtt_sessions", clients, ClientRegistry::count)
                .description("Sessions on this node, with and without a connection")
                .register(registry);
        for (var reason : DropReason.values()) {
            drops.put(
                    reason,
                    Counter.builder("mqtt_queue_drops")
                            .description("Messages that a session did not deliver, by reason")
                            .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        withdrawn = Counter.builder("mqtt_subscriptions_withdrawn")
                .description("Subscriptions taken away since their client may not have them any more")
                .register(registry);
        inherited = Counter.builder("meridian_messages_inherited")
                .description(
                        "Messages that sessions got from earlier ones of their clients, which had been out of reach")
                .register(registry);
        takeovers = Counter.builder("mqtt_session_takeovers")
                .description("Connections closed since the client connected again")
                .register(registry);
    }

    /** Messages that sessions did not deliver, for whatever reason. */
    public long dropped() {
        return (long) drops.values().stream().mapToDouble(Counter::count).sum();
    }

    void dropped(DropReason reason) {
        var counter = drops.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }
}
