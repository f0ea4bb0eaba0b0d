package io.meridianmq.control.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.meridianmq.control.roster.Roster;
import io.meridianmq.control.roster.Sightings;
import io.meridianmq.fabric.http.HttpPort;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends each watcher a snapshot at once and another one after each look of the roster, as Server-Sent Events.
 *
 * <p>A stream ends well before the time in which the HTTP port wants an answer to be complete, and browsers open the next
 * one by themselves. A watcher that does not read loses its connection at that time.
 *
 * <p>All watchers get the same bytes, made once for each look that somebody watches.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the format</a>
 */
final class SnapshotStream implements HttpHandler {

    /** At most this many watch at a time; further ones get status 503. */
    static final int WATCHERS_MAX = 64;

    /** How long a stream lasts. */
    static final Duration STREAM_MAX = Duration.ofSeconds(HttpPort.ANSWER_SECONDS_MAX * 2 / 3);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What a browser waits before it opens the next stream. */
    private static final byte[] RETRY = "retry: 250\n\n".getBytes(StandardCharsets.UTF_8);

    private final Roster roster;
    private final Duration streamMax;
    private final Semaphore free = new Semaphore(WATCHERS_MAX);
    private final Counter refused;

    private final ReentrantLock making = new ReentrantLock();

    /** The sightings that {@link #madeEvent} was made of. Guarded by {@link #making}, like it. */
    private long madeOf = -1;

    private byte[] madeEvent = new byte[0];

    /** @param streamMax after which a stream ends */
    SnapshotStream(Roster roster, MeterRegistry registry, Duration streamMax) {
        this.roster = roster;
        this.streamMax = streamMax;
        Gauge.builder("meridian.console.watchers", free, permits -> WATCHERS_MAX - permits.availablePermits())
                .description("Pages that watch the console's snapshots")
                .register(registry);
        this.refused = Counter.builder("meridian.console.watchers.refused")
                .description("Pages that could not watch, since as many do as may")
                .register(registry);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!free.tryAcquire()) {
            refused.increment();
            HttpPort.answer(exchange, 503, WATCHERS_MAX + " pages watch already: close one of them first");
            return;
        }
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(200, -1);
                return;
            }
            exchange.sendResponseHeaders(200, 0); // Chunked.
            stream(exchange.getResponseBody());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // The console is closed.
        } finally {
            free.release();
        }
    }

    /** Until the watcher has had its time; a watcher that leaves makes the writing fail. */
    private void stream(OutputStream out) throws IOException, InterruptedException {
        var endNanos = System.nanoTime() + streamMax.toNanos();
        out.write(RETRY);
        var sightings = roster.latest();
        do {
            out.write(event(sightings));
            out.flush();
            sightings = roster.after(sightings, PATIENCE);
        } while (System.nanoTime() - endNanos < 0);
    }

    private byte[] event(Sightings sightings) throws InterruptedException {
        making.lockInterruptibly();
        try {
            if (madeOf != sightings.number()) {
                madeEvent = ("data: " + Snapshot.json(sightings) + "\n\n").getBytes(StandardCharsets.UTF_8);
                madeOf = sightings.number();
            }
            return madeEvent;
        } finally {
            making.unlock();
        }
    }
}
