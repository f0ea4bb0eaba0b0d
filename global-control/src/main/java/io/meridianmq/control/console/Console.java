package io.meridianmq.control.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.meridianmq.control.roster.Roster;
import io.meridianmq.control.roster.Sighting;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.http.HttpPort;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Serves the console: the page at {@code /}, its snapshots at {@code /events}, and all that is known of one component at
 * {@code /component?place=us-east/a/1}. It changes nothing, and asks nobody who they are.
 */
public final class Console implements AutoCloseable {

    /** The page loads from here alone, runs no script but its own file, and is shown in no other page. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-store");

    private static final String PLACE = "place=";

    private final HttpPort port;
    private final Roster roster;

    private Console(HttpPort port, Roster roster) {
        this.port = port;
        this.roster = roster;
    }

    /**
     * Serves until closed.
     *
     * @param bind port 0 takes any free one
     * @throws IOException if the address cannot be bound; the message names it
     */
    public static Console start(HostPort bind, Roster roster, MeterRegistry registry) throws IOException {
        var files = PageFile.all();
        HttpPort port;
        try {
            port = HttpPort.open(bind);
        } catch (IOException e) {
            throw new IOException("cannot serve the console on " + bind + ": " + e.getMessage(), e);
        }
        var console = new Console(port, roster);
        files.forEach(file -> console.serve(file.path(), file));
        console.serve("/events", new SnapshotStream(roster, registry, SnapshotStream.STREAM_MAX));
        console.serve("/component", console::showComponent);
        return console;
    }

    /** Where it listens, with the actual port. */
    public HostPort address() {
        return port.address();
    }

    @Override
    public void close() {
        port.close();
    }

    private void serve(String path, HttpHandler reader) {
        port.serve(path, exchange -> {
            HEADERS.forEach(exchange.getResponseHeaders()::set);
            reader.handle(exchange);
        });
    }

    private void showComponent(HttpExchange exchange) throws IOException {
        var query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        if (!query.startsWith(PLACE)) {
            HttpPort.answer(exchange, 400, "say which component: /component?place=us-east/a/1");
            return;
        }
        Optional<Sighting> found;
        try {
            var text = URLDecoder.decode(query.substring(PLACE.length()), StandardCharsets.UTF_8);
            found = Optional.ofNullable(roster.latest().byPlace().get(Place.parse(text)));
        } catch (IllegalArgumentException e) {
            HttpPort.answer(exchange, 400, String.valueOf(e.getMessage()));
            return;
        }
        if (found.isEmpty()) {
            HttpPort.answer(exchange, 404, "nobody is known there");
            return;
        }
        HttpPort.answer(exchange, 200, HttpPort.JSON, Details.json(found.get()).getBytes(StandardCharsets.UTF_8));
    }
}
