package io.meridianmq.core.mesh;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.stream.PeerStream;
import io.meridianmq.core.stream.StreamFigures;
import io.meridianmq.core.stream.StreamOutlet;
import io.meridianmq.core.stream.StreamSettings;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A node's streams to the other nodes of its zone, see {@link io.meridianmq.core.stream}. What comes of them goes to the
 * {@link StreamOutlet}, which may send from within.
 *
 * <p>Belongs to the thread that drives the node, which calls {@link #flush} after each batch of events and at least every
 * 10 ms or so. Times are readings of one monotonic nanosecond clock.
 */
public final class NodeStreams {

    /** More starts that were listed once and may be again are not remembered: the oldest is forgotten. */
    private static final int UNLISTED_MAX = 1_024;

    private final Incarnation self;
    private final StreamSettings settings;
    private final StreamOutlet outlet;
    private final BiConsumer<Incarnation, SlotMessage> tell;

    private final Map<Incarnation, PeerStream> peers = new LinkedHashMap<>();
    /** The values of {@link #peers}, for going through them while they may change. */
    private List<PeerStream> all = List.of();
    /** Last streams with starts that are not listed at the moment: they are to be told should they return. */
    private final Map<Incarnation, Long> unlisted = new LinkedHashMap<>();
    /** Starts that are not listed and were sent something. */
    private Set<Incarnation> unreachable = new LinkedHashSet<>();

    private MembershipView view = MembershipView.EMPTY;
    private long nowNanos;
    /** Of streams that are no longer there, and of none. */
    private StreamFigures past = StreamFigures.NONE;

    /** @param tell takes a message to another node of the zone, if it can */
    public NodeStreams(
            Incarnation self,
            StreamSettings settings,
            StreamOutlet outlet,
            BiConsumer<Incarnation, SlotMessage> tell,
            long nowNanos) {
        this.self = self;
        this.settings = settings;
        this.outlet = outlet;
        this.tell = tell;
        this.nowNanos = nowNanos;
    }

    /** It is this late now. */
    void at(long nowNanos) {
        this.nowNanos = nowNanos;
    }

    /**
     * Says something to another node, with the next {@link #flush}: it arrives, once and behind what was said before, or
     * {@link StreamOutlet#streamEnded} follows.
     *
     * @throws IllegalArgumentException if the peer is this node itself, or the item is empty
     */
    public void send(Incarnation peer, StreamItem item) {
        if (peer.equals(self) || item.isHello()) {
            throw new IllegalArgumentException(
                    "what is said on a stream is for another node and has a body, not " + item.body() + " for " + peer);
        }
        var stream = peers.get(peer);
        if (stream == null && isListed(peer)) {
            stream = add(peer);
        }
        if (stream == null) {
            unreachable.add(peer);
        } else {
            stream.send(item, nowNanos);
        }
    }

    /** Another view of who is alive. */
    public void onView(MembershipView newer, long nowNanos) {
        at(nowNanos);
        tellUnreachable(); // Before there may be another stream with them.
        view = newer;
        for (var stream : all) {
            if (!isListed(stream.peer())) {
                remove(stream);
            }
        }
        // Another start takes the place of the one before, which never returns.
        unlisted.keySet().removeIf(gone -> newer.contains(gone.place()) && !isListed(gone));
        for (var last : new LinkedHashMap<>(unlisted).entrySet()) {
            if (isListed(last.getKey())) {
                unlisted.remove(last.getKey());
                add(last.getKey()).resume(last.getValue(), nowNanos);
            }
        }
    }

    /** Another node says something. */
    public void onPart(Incarnation from, SlotMessage.Stream part, long nowNanos) {
        at(nowNanos);
        var stream = peers.get(from);
        if (part.destinationBoot() != self.boot() || (stream == null && !isListed(from))) {
            past = past.plus(new StreamFigures(0, 0, 0, 0, 0, 0, 1)); // If it is listed soon: it is said again.
            return;
        }
        (stream == null ? add(from) : stream).onPart(part, nowNanos);
    }

    /** Does what is due, and sends what has gathered. */
    public void flush(long nowNanos) {
        at(nowNanos);
        tellUnreachable();
        for (var stream : all) {
            stream.flush(nowNanos);
        }
    }

    /** What there is to measure. */
    public StreamFigures figures() {
        return all.stream().map(PeerStream::figures).reduce(past, StreamFigures::plus);
    }

    private void tellUnreachable() {
        if (!unreachable.isEmpty()) {
            var ended = unreachable;
            unreachable = new LinkedHashSet<>();
            ended.forEach(outlet::streamEnded);
        }
    }

    private boolean isListed(Incarnation peer) {
        return view.lists(peer);
    }

    private PeerStream add(Incarnation peer) {
        var stream = new PeerStream(peer, settings, outlet, part -> tell.accept(peer, part));
        peers.put(peer, stream);
        all = List.copyOf(peers.values());
        return stream;
    }

    private void remove(PeerStream stream) {
        peers.remove(stream.peer());
        all = List.copyOf(peers.values());
        var last = stream.end();
        past = past.plus(stream.figures());
        if (last == 0) {
            return;
        }
        unlisted.put(stream.peer(), last);
        if (unlisted.size() > UNLISTED_MAX) {
            unlisted.remove(unlisted.keySet().iterator().next());
        }
    }
}
