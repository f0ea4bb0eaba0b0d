package io.meridianmq.broker.remote;

import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The ways to all nodes that this one has to do with. Belongs to the mesh thread, {@link #to} aside. */
public final class Passages {

    private final StreamThread thread;
    private final ConcurrentHashMap<Incarnation, Passage> current = new ConcurrentHashMap<>();

    public Passages(StreamThread thread) {
        this.thread = thread;
    }

    /** The way to a node as it is now. Any thread. */
    public Passage to(Incarnation peer) {
        return current.computeIfAbsent(peer, Passage::new);
    }

    /** The stream to a node has ended; returns the way that is no more, if there was one. */
    public Optional<Passage> ended(Incarnation peer) {
        var ended = Optional.ofNullable(current.remove(peer));
        ended.ifPresent(Passage::end);
        return ended;
    }

    /**
     * Something came from a node.
     *
     * @throws MalformedMessageException if it cannot be said what
     */
    public Arrival arrived(Incarnation peer, StreamItem item) {
        var kind = Kind.of(item.body());
        var way = to(peer);
        if (kind == Kind.ARRIVED) {
            return way.arrived(Passage.receipt(item.body())) ? Arrival.ROOM : Arrival.NOTHING;
        }
        var untold = way.received(item);
        if (untold > 0) {
            thread.onStreams(sender -> sender.send(peer, Passage.receipt(untold)));
        }
        return kind.arrival();
    }
}
