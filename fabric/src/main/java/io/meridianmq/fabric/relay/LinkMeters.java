package io.meridianmq.fabric.relay;

import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.link.DownCause;
import io.meridianmq.fabric.link.DropReason;
import io.meridianmq.fabric.link.LinkFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of links as meters, which come and go with the neighbours. Belongs to one thread. */
final class LinkMeters {

    private final MeterRegistry registry;
    private final Map<Place, PeerMeters> peers = new HashMap<>();

    LinkMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Takes over the figures of all neighbours there are. */
    void refresh(Map<Place, LinkFigures> figures) {
        peers.entrySet().removeIf(known -> {
            var left = !figures.containsKey(known.getKey());
            if (left) {
                known.getValue().remove();
            }
            return left;
        });
        figures.forEach((peer, latest) -> {
            var known = peers.get(peer);
            if (known == null) {
                peers.put(peer, new PeerMeters(registry, peer, latest));
            } else {
                known.latest = latest;
            }
        });
    }

    /** The meters of one neighbour. */
    private static final class PeerMeters {

        private final MeterRegistry registry;
        private final Tags tags;
        private final List<Meter> meters = new ArrayList<>();

        /** Replaced once a second, read by whoever reads the meters. */
        private volatile LinkFigures latest;

        PeerMeters(MeterRegistry registry, Place peer, LinkFigures latest) {
            this.registry = registry;
            this.tags = Tags.of("peer", peer.toString());
            this.latest = latest;
            gauge("up", "Whether the link is open", figures -> figures.up() ? 1 : 0);
            gauge("queued.bytes", "Bytes waiting for the transport", LinkFigures::queuedBytes);
            gauge(
                    "round.trip.seconds",
                    "Last heartbeat's round trip, both mesh threads included",
                    figures -> figures.roundTripNanos() / 1e9);
            counter("opened", "Times it went up", LinkFigures::opened);
            counter("failed.attempts", "Times it could not be opened", LinkFigures::failedAttempts);
            counter("frames.sent", "Frames handed to the transport", LinkFigures::framesSent);
            counter("sent.bytes", "Bytes handed to the transport, before compression", LinkFigures::bytesSent);
            counter("batches.sent", "Batches handed to the transport", LinkFigures::batchesSent);
            counter("frames.received", "Frames handed to the mesh", LinkFigures::framesReceived);
            counter("received.bytes", "Bytes received, after decompression", LinkFigures::bytesReceived);
            counter("batches.received", "Batches received", LinkFigures::batchesReceived);
            for (var cause : DownCause.values()) {
                counter(
                        "closed",
                        "Times it went down",
                        label("cause", cause),
                        figures -> figures.closed().getOrDefault(cause, 0L));
            }
            for (var reason : DropReason.values()) {
                counter(
                        "dropped.frames",
                        "Frames it did not carry",
                        label("reason", reason),
                        figures -> figures.dropped().getOrDefault(reason, 0L));
            }
        }

        void remove() {
            meters.forEach(registry::remove);
        }

        private void gauge(String name, String description, ToDoubleFunction<LinkFigures> value) {
            meters.add(Gauge.builder("meridian.link." + name, this, peer -> value.applyAsDouble(peer.latest))
                    .description(description)
                    .tags(tags)
                    .register(registry));
        }

        private void counter(String name, String description, ToDoubleFunction<LinkFigures> value) {
            counter(name, description, Tags.empty(), value);
        }

        private void counter(String name, String description, Tags more, ToDoubleFunction<LinkFigures> value) {
            meters.add(FunctionCounter.builder("meridian.link." + name, this, peer -> value.applyAsDouble(peer.latest))
                    .description(description)
                    .tags(tags.and(more))
                    .register(registry));
        }

        private static Tags label(String name, Enum<?> value) {
            return Tags.of(name, value.name().toLowerCase(Locale.ROOT));
        }
    }
}
