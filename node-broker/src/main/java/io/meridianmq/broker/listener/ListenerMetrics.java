package io.meridianmq.broker.listener;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** Counts what happens in front of connections. Any thread. */
final class ListenerMetrics {

    final Counter handshakes;
    final Counter reloaded;
    final Counter reloadsRefused;
    private final MeterRegistry registry;
    private final Map<HandshakeFailure, Counter> handshakesFailed = new EnumMap<>(HandshakeFailure.class);
    private final Map<WebSocketEnd, Counter> webSocketEnds = new EnumMap<>(WebSocketEnd.class);

    /** Why a TLS handshake came to nothing. */
    enum HandshakeFailure {
        /** The client's certificate is not valid, or nobody signed it who is trusted. */
        CERTIFICATE,
        /** What the client sent is not TLS. */
        NOT_TLS,
        /** The client went away, or took too long. */
        LEFT,
        /** No version or cipher in common, no certificate where one is required, a refusal by the client. */
        OTHER
    }

    /** Why a listener ended a WebSocket, or did not begin one. */
    enum WebSocketEnd {
        /** The HTTP request asked for something else, or wrongly. */
        NO_UPGRADE,
        /** A text frame. */
        TEXT,
        /** A frame against the protocol, or too large. */
        FRAME
    }

    ListenerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.handshakes = Counter.builder("mqtt_tls_handshakes")
                .description("TLS handshakes with clients that were completed")
                .register(registry);
        this.reloaded = reload("taken");
        this.reloadsRefused = reload("refused");
        for (var failure : HandshakeFailure.values()) {
            handshakesFailed.put(
                    failure,
                    Counter.builder("mqtt_tls_handshakes_failed")
                            .description("TLS handshakes with clients that were not")
                            .tag("reason", failure.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        for (var end : WebSocketEnd.values()) {
            webSocketEnds.put(
                    end,
                    Counter.builder("mqtt_websockets_refused")
                            .description("WebSockets that a listener ended, and requests for something else")
                            .tag("reason", end.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void handshakesFailed(HandshakeFailure failure) {
        Objects.requireNonNull(handshakesFailed.get(failure)).increment();
    }

    void webSocketEnded(WebSocketEnd end) {
        Objects.requireNonNull(webSocketEnds.get(end)).increment();
    }

    /** Shows from now on how long a listener's certificate is valid. */
    void showExpiry(String listener, Supplier<Instant> expiry) {
        Gauge.builder(
                        "mqtt_tls_certificate_expires_seconds",
                        () -> Duration.between(Instant.now(), expiry.get()).toSeconds())
                .description("Time until the certificate of a listener has expired")
                .tag("listener", listener)
                .register(registry);
    }

    private Counter reload(String result) {
        return Counter.builder("mqtt_tls_reloads")
                .description("New TLS files of a listener, by what came of them")
                .tag("result", result)
                .register(registry);
    }
}
