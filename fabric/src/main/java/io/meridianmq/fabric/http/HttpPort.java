package io.meridianmq.fabric.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.meridianmq.fabric.config.HostPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP port with paths that can be read, and nothing else. Each request runs on a virtual thread of its own.
 *
 * <p>A request that takes longer than 10 s to arrive loses its connection, as does one whose answer takes longer than
 * {@value #ANSWER_SECONDS_MAX} s; there are at most 512 connections.
 */
public final class HttpPort implements AutoCloseable {

    /** Content type of JSON. */
    public static final String JSON = "application/json; charset=utf-8";

    /** From when the request has arrived until the answer is written, the answer's production included. */
    public static final int ANSWER_SECONDS_MAX = 30;

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final int ACCEPT_QUEUE = 64;

    static {
        // Read by the JDK's server when its classes load: without them a client that sends or reads nothing holds its
        // connection for ever, and any number of connections is accepted.
        setUnlessGiven("sun.net.httpserver.maxReqTime", "10");
        setUnlessGiven("sun.net.httpserver.maxRspTime", String.valueOf(ANSWER_SECONDS_MAX));
        setUnlessGiven("jdk.httpserver.maxConnections", "512");
    }

    private final HttpServer server;
    private final ExecutorService requests;
    private final HostPort address;

    private HttpPort(HttpServer server, ExecutorService requests, HostPort address) {
        this.server = server;
        this.requests = requests;
        this.address = address;
    }

    /**
     * Listens until closed; nothing can be read before {@link #serve}.
     *
     * @param bind port 0 takes any free one
     * @throws IOException if the address cannot be bound
     */
    public static HttpPort open(HostPort bind) throws IOException {
        var server = HttpServer.create(bind.toSocketAddress(), ACCEPT_QUEUE);
        var requests = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("http-", 0).factory());
        server.setExecutor(requests);
        server.start();
        return new HttpPort(server, requests, bind.withPort(server.getAddress().getPort()));
    }

    /**
     * From here on this very path can be read. Any thread may call.
     *
     * @param reader answers GET and HEAD, and closes the exchange; may block
     */
    public void serve(String path, HttpHandler reader) {
        server.createContext(path, exchange -> {
            if (admits(exchange, path)) {
                reader.handle(exchange);
            }
        });
    }

    /** Where it listens, with the actual port. */
    public HostPort address() {
        return address;
    }

    /** Stops listening and ends requests that are under way. */
    @Override
    public void close() {
        server.stop(0);
        requests.shutdownNow();
    }

    /** Answers a request and closes the exchange; a HEAD request gets no body. */
    public static void answer(HttpExchange exchange, int status, String contentType, byte[] body) throws IOException {
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

    /** Answers a request with a line of text and closes the exchange. */
    public static void answer(HttpExchange exchange, int status, String line) throws IOException {
        answer(exchange, status, TEXT, (line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Answers requests that are not for this path (a context also gets the paths below it) or not a read. */
    private static boolean admits(HttpExchange exchange, String path) throws IOException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            answer(exchange, 404, "not found");
            return false;
        }
        if (!READING.contains(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            answer(exchange, 405, "only GET and HEAD");
            return false;
        }
        return true;
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
