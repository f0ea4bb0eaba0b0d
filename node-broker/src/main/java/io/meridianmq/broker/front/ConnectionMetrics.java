package io.meridianmq.broker.front;

import io.meridianmq.broker.limit.Entrance;
import io.meridianmq.broker.limit.PartialPackets;
import io.meridianmq.broker.packet.ReasonCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;

/** Counts connections. Any thread. */
public final class ConnectionMetrics {

    final Counter accepted;
    private final Counter topicsRefused;
    private final Map<Reading.Pause, Counter> pauses = new EnumMap<>(Reading.Pause.class);
    private final MeterRegistry registry;

    public ConnectionMetrics(MeterRegistry registry, Entrance entrance, PartialPackets partial) {
        this.registry = registry;
        Gauge.builder("mqtt_connections", entrance, Entrance::open)
                .description("Network connections to the listeners of this node")
                .register(registry);
        for (var reason : Entrance.Reason.values()) {
            FunctionCounter.builder("mqtt_connections_refused", entrance, all -> all.refused(reason))
                    .description("Connections that were not taken, since there were, or came, too many")
                    .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("mqtt_partial_packet_bytes", partial, PartialPackets::bytes)
                .description("Bytes of large packets that have come in part")
                .register(registry);
        FunctionCounter.builder("mqtt_partial_packets_refused", partial, PartialPackets::refused)
                .description("Connections ended since there was no room for the rest of a packet")
                .register(registry);
        for (var why : Reading.Pause.values()) {
            pauses.put(
                    why,
                    Counter.builder("mqtt_reading_paused")
                            .description("Times that nothing was read from a client for a while, by reason")
                            .tag("reason", why.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        topicsRefused = Counter.builder("mqtt_topics_refused")
                .description(
                        "Publishes and subscriptions with a topic that is too large, subscriptions beyond those of one packet")
                .register(registry);
        accepted = Counter.builder("mqtt_connects")
                .description("CONNECT packets answered with success")
                .register(registry);
    }

    /** Counts what the connections of all loops exchange with clients. */
    public void follow(List<Traffic> loops) {
        counter("mqtt_packets", "received", "Packets of any type", loops, Traffic::packetsReceived);
        counter("mqtt_packets", "sent", "Packets of any type", loops, Traffic::packetsSent);
        counter("mqtt_bytes", "received", "Bytes of packets", loops, Traffic::bytesReceived);
        counter("mqtt_bytes", "sent", "Bytes of packets", loops, Traffic::bytesSent);
    }

    private void counter(
            String name, String direction, String description, List<Traffic> loops, ToLongFunction<Traffic> figure) {
        FunctionCounter.builder(
                        name, loops, all -> all.stream().mapToLong(figure).sum())
                .description(description + " exchanged with clients")
                .tag("direction", direction)
                .register(registry);
    }

    /** A topic of a client is beyond its limits. */
    void topicRefused() {
        topicsRefused.increment();
    }

    /** Nothing is read from a client for a while. */
    void paused(Reading.Pause why) {
        Objects.requireNonNull(pauses.get(why)).increment();
    }

    /** The node ended a connection; one counter for each reason code of the specification. */
    void ended(ReasonCode reasonCode) {
        Counter.builder("mqtt_connections_ended")
                .description("Connections that the node refused or ended, by reason")
                .tag("reason", reasonCode.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }
}
