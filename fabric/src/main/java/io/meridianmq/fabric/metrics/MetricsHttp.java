package io.meridianmq.fabric.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.http.HttpPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The HTTP port of a process: {@code /metrics} for Prometheus, {@code /health/live} and {@code /health/ready} with 200 or
 * 503 and a JSON body that names the checks. Other HTTP services of the process may add their own paths.
 */
public final class MetricsHttp implements AutoCloseable {

    private final HttpPort port;

    private MetricsHttp(HttpPort port) {
        this.port = port;
    }

    /**
     * Listens and serves until closed.
     *
     * @param bind port 0 takes any free one
     * @throws IOException if the address cannot be bound; the message names it
     */
    public static MetricsHttp start(HostPort bind, Metrics metrics, Health health) throws IOException {
        HttpPort port;
        try {
            port = HttpPort.open(bind);
        } catch (IOException e) {
            throw new IOException("cannot serve metrics and health on " + bind + ": " + e.getMessage(), e);
        }
        port.serve("/metrics", exchange -> scrape(exchange, metrics));
        port.serve("/health/live", exchange -> answer(exchange, health.live()));
        port.serve("/health/ready", exchange -> answer(exchange, health.ready()));
        return new MetricsHttp(port);
    }

    /** Where it listens, with the actual port. */
    public HostPort address() {
        return port.address();
    }

    /** Serves a further path; see {@link HttpPort#serve}. */
    public void serve(String path, HttpHandler reader) {
        port.serve(path, reader);
    }

    /** Stops listening and ends requests that are under way. */
    @Override
    public void close() {
        port.close();
    }

    private static void scrape(HttpExchange exchange, Metrics metrics) throws IOException {
        var scrape =
                metrics.scrape(String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of())));
        HttpPort.answer(exchange, 200, scrape.contentType(), scrape.text().toByteArray());
    }

    private static void answer(HttpExchange exchange, Health.Report report) throws IOException {
        HttpPort.answer(
                exchange,
                report.isWell() ? 200 : 503,
                HttpPort.JSON,
                report.json().getBytes(StandardCharsets.UTF_8));
    }
}
