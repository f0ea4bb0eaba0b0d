package io.meridianmq.broker.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what goes between connections and sessions at different nodes. Any thread. */
final class RemoteMetrics {

    final AtomicInteger sessionsElsewhere = new AtomicInteger();
    final AtomicInteger clientsElsewhere = new AtomicInteger();
    final Counter publishesRefused;
    final Counter malformed;

    RemoteMetrics(MeterRegistry registry) {
        Gauge.builder("meridian_sessions_elsewhere", sessionsElsewhere, AtomicInteger::get)
                .description("Connections to this node whose sessions are at other nodes")
                .register(registry);
        Gauge.builder("meridian_clients_elsewhere", clientsElsewhere, AtomicInteger::get)
                .description("Connections to other nodes whose sessions are at this node")
                .register(registry);
        publishesRefused = Counter.builder("meridian_session_stream_refused")
                .description("Publishes dropped at QoS 0, or refused, since too much was on its way to the session")
                .register(registry);
        malformed = Counter.builder("meridian_session_stream_malformed")
                .description("What other nodes said about sessions and could not be read")
                .register(registry);
    }
}
