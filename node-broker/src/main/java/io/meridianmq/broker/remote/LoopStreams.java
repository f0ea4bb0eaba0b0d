package io.meridianmq.broker.remote;

import io.meridianmq.broker.loop.Loop;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.publication.CanonicalBytes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams to other nodes as one loop sees them: what it says goes to their thread as one batch per iteration of the
 * loop. Belongs to the loop.
 */
public final class LoopStreams {

    private static final Logger log = LoggerFactory.getLogger(LoopStreams.class);

    private final Loop loop;
    private final StreamThread thread;
    private final ToSessionCodec toSession;
    private final ToClientCodec toClient;
    private final Runnable handOver = this::handOver;
    private List<Parcel> batch = new ArrayList<>();

    private record Parcel(Passage way, StreamItem item) {}

    /** @param clock the wall clock, by which messages expire */
    public LoopStreams(Loop loop, StreamThread thread, InstantSource clock) {
        this.loop = loop;
        this.thread = thread;
        this.toSession = new ToSessionCodec(clock);
        this.toClient = new ToClientCodec(clock);
    }

    /**
     * Says something to the session of a connection here. A PUBLISH is released by this call, a publication is borrowed for
     * it.
     */
    public void tellSession(Passage way, long connection, ToSession message) {
        send(way, connection, toSession.write(message));
    }

    /**
     * Says something to the client of a connection there. A publication is borrowed for the call.
     *
     * @return size of its bytes, as the other side sees it
     */
    public int tellClient(Passage way, long connection, ToClient message) {
        var body = toClient.write(message);
        send(way, connection, body);
        return body.length;
    }

    /**
     * Reads what a front said.
     *
     * @throws MalformedMessageException if these bytes say nothing to a session
     */
    public ToSession readForSession(CanonicalBytes body) {
        return toSession.read(body);
    }

    /**
     * Reads what a session said.
     *
     * @throws MalformedMessageException if these bytes say nothing to a client
     */
    public ToClient readForClient(CanonicalBytes body) {
        return toClient.read(body);
    }

    private void send(Passage way, long connection, byte[] body) {
        var item = new StreamItem(connection, CanonicalBytes.wrap(body));
        way.add(item);
        if (batch.isEmpty()) {
            loop.atEndOfIteration(handOver);
        }
        batch.add(new Parcel(way, item));
    }

    private void handOver() {
        var parcels = batch;
        batch = new ArrayList<>();
        try {
            thread.onStreams(sender -> {
                for (var parcel : parcels) {
                    if (!parcel.way.isOver()) {
                        sender.send(parcel.way.peer(), parcel.item);
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("the node ended before all was said", e);
        }
    }
}
