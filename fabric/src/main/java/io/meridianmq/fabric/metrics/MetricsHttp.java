package io.meridianmq.fabric.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.meridianmq.fabric.config.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The HTTP port of a process: {@code /metrics} for Prometheus, {@code /health/live} and {@code /health/ready} with 200 or
 * 503 and a JSON body that names the checks. Other HTTP services of the process may add their own paths. Each request
 * runs on a virtual thread of its own.
 */
public final class MetricsHttp implements AutoCloseable {

    private static final String JSON = "application/json; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final int ACCEPT_QUEUE = 64;

    static {
        // Read by the JDK's server when its classes load: without them a client that sends or reads nothing holds its
        // connection for ever, and any number of connections is accepted.
        setUnlessGiven("sun.net.httpserver.maxReqTime", "10");
        setUnlessGiven("sun.net.httpserver.maxRspTime", "30");
        setUnlessGiven("jdk.httpserver.maxConnections", "512");
    }

    private final HttpServer server;
    private final ExecutorService requests;
    private final HostPort address;

    private MetricsHttp(HttpServer server, ExecutorService requests, HostPort address) {
        this.server = server;
        this.requests = requests;
        this.address = address;
    }

    /**
     * Listens and serves until closed.
     *
     * @param bind port 0 takes any free one
     * @throws IOException if the address cannot be bound; the message names it
     */
    public static MetricsHttp start(HostPort bind, Metrics metrics, Health health) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(bind.toSocketAddress(), ACCEPT_QUEUE);
        } catch (IOException e) {
            throw new IOException("cannot serve metrics and health on " + bind + ": " + e.getMessage(), e);
        }
        var requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-", 0).factory());
        server.setExecutor(requests);
        server.createContext("/metrics", exchange -> {
            if (admits(exchange, "/metrics")) {
                var scrape = metrics.scrape(
                        String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of())));
                answer(exchange, 200, scrape.contentType(), scrape.text().toByteArray());
            }
        });
        server.createContext("/health/live", exchange -> answer(exchange, "/health/live", health.live()));
        server.createContext("/health/ready", exchange -> answer(exchange, "/health/ready", health.ready()));
        server.start();
        return new MetricsHttp(
                server, requests, bind.withPort(server.getAddress().getPort()));
    }

    /** Where it listens, with the actual port. */
    public HostPort address() {
        return address;
    }

    /** The server, to add further paths to the same port. */
    public HttpServer server() {
        return server;
    }

    /** Stops listening and ends requests that are under way. */
    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }

    private static void answer(HttpExchange exchange, String path, Health.Report report) throws IOException {
        if (admits(exchange, path)) {
            answer(exchange, report.isWell() ? 200 : 503, JSON, report.json().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Answers requests that are not for this path (a context also gets the paths below it) or not a read. */
    private static boolean admits(HttpExchange exchange, String path) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            answer(exchange, 404, TEXT, "not found\n".getBytes(StandardCharsets.UTF_8));
            return false;
        }
        if (!READING.contains(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            answer(exchange, 405, TEXT, "only GET and HEAD\n".getBytes(StandardCharsets.UTF_8));
            return false;
        }
        return true;
    }

    private static void answer(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", contentType);
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(status, -1);
                return;
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
