package io.meridianmq.core.stream;

import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.place.Incarnation;
import java.util.List;
import java.util.function.Consumer;

/**
 * This node's end of the streams to and from one start of another node, one after the other. See the package for the rules.
 *
 * <p>Owned by one thread, which calls {@link #flush} after each batch of events and at least every 10 ms or so. Times are
 * readings of one monotonic nanosecond clock. No method throws for what a peer sends.
 */
public final class PeerStream {

    private final Incarnation peer;
    private final StreamSettings settings;
    private final StreamOutlet outlet;
    private final Consumer<SlotMessage.Stream> toPeer;
    private final Outgoing outgoing;

    /** Number of the stream; 0 before the first one. */
    private long stream;
    /** Whether the stream is to end with the next flush: until then nothing goes or comes on it. */
    private boolean breaking;
    /** Highest position of the peer's items that was taken. */
    private long mark;

    private boolean acknowledgementDue;
    private long acknowledgeAtNanos;
    /** Bytes taken since the peer was last told the mark. */
    private long untoldBytes;

    private long taken;
    private long broken;
    private long ignored;

    /** @param toPeer sends a frame toward the peer; it may get lost */
    public PeerStream(
            Incarnation peer, StreamSettings settings, StreamOutlet outlet, Consumer<SlotMessage.Stream> toPeer) {
        this.peer = peer;
        this.settings = settings;
        this.outlet = outlet;
        this.toPeer = toPeer;
        this.outgoing = new Outgoing(settings);
    }

    /** Who is at the other end. */
    public Incarnation peer() {
        return peer;
    }

    /** The peer is back, and may not know that the streams up to this number have ended: it is told with the next flush. */
    public void resume(long lastStream, long nowNanos) {
        begin(lastStream + 1, nowNanos);
    }

    /** Says something to the peer, with the next {@link #flush}. If there is no room for it, the stream breaks. */
    public void send(StreamItem item, long nowNanos) {
        if (breaking) {
            return; // The sender is about to learn that the stream it means has ended.
        }
        if (stream == 0) {
            begin(1, nowNanos);
        }
        if (!outgoing.offer(item, nowNanos)) {
            breakOff();
        }
    }

    /** The peer, in the start that this is about, says something to this start of this node. */
    public void onPart(SlotMessage.Stream part, long nowNanos) {
        if (part.stream() < stream) {
            ignored++;
            acknowledge(nowNanos); // It learns which stream there is now.
            return;
        }
        if (part.stream() > stream) {
            joinStream(part.stream());
        }
        if (breaking) {
            ignored++;
        } else if (outgoing.onMark(part.mark(), nowNanos)) {
            take(part, nowNanos);
        } else {
            breakOff(); // The peer has heard something else under this number: one side has forgotten what it said.
        }
    }

    /** Ends the stream if it has to, and sends what is due. */
    public void flush(long nowNanos) {
        if (breaking || outgoing.isOverdue(nowNanos)) {
            broken++;
            begin(stream + 1, nowNanos);
            outlet.streamEnded(peer);
        }
        outgoing.pump(nowNanos, this::say);
        if (acknowledgementDue && nowNanos - acknowledgeAtNanos >= 0) {
            say(outgoing.next(), List.of());
        }
    }

    /**
     * The peer is no longer there. The stream ends, if there was one.
     *
     * @return the number of the last stream with this peer, 0 if there was none
     */
    public long end() {
        var last = stream;
        startOver(0);
        if (last > 0) {
            outlet.streamEnded(peer);
        }
        return last;
    }

    /** What there is to measure. */
    public StreamFigures figures() {
        return new StreamFigures(
                stream > 0 ? 1 : 0,
                outgoing.heldBytes(),
                outgoing.sentItems(),
                outgoing.resentItems(),
                taken,
                broken,
                ignored);
    }

    /** The peer has begun another stream. */
    private void joinStream(long number) {
        var hasEnded = stream > 0;
        startOver(number);
        if (hasEnded) {
            broken++;
            outlet.streamEnded(peer);
        }
    }

    private void begin(long number, long nowNanos) {
        startOver(number);
        outgoing.offer(StreamItem.HELLO, nowNanos);
    }

    private void startOver(long number) {
        stream = number;
        breaking = false;
        mark = 0;
        acknowledgementDue = false;
        untoldBytes = 0;
        outgoing.restart();
    }

    private void breakOff() {
        breaking = true;
        outgoing.restart();
    }

    private void take(SlotMessage.Stream part, long nowNanos) {
        var items = part.items();
        if (items.isEmpty()) {
            return;
        }
        var skip = mark + 1 - part.first();
        if (skip < 0 || skip >= items.size()) {
            acknowledge(nowNanos); // Something before it was lost, or the acknowledgement of it.
            return;
        }
        for (var item : items.subList((int) skip, items.size())) {
            mark++;
            untoldBytes += item.sizeBytes();
            if (!item.isHello()) {
                taken++;
                outlet.arrived(peer, item);
            }
        }
        if (untoldBytes >= settings.partBytes()) {
            acknowledge(nowNanos); // Its window should not run out while the mark waits for company.
        } else if (!acknowledgementDue) {
            acknowledgementDue = true;
            acknowledgeAtNanos = nowNanos + settings.acknowledgeAfter().toNanos();
        }
    }

    private void acknowledge(long nowNanos) {
        acknowledgementDue = true;
        acknowledgeAtNanos = nowNanos;
    }

    private void say(long first, List<StreamItem> items) {
        acknowledgementDue = false;
        untoldBytes = 0;
        toPeer.accept(new SlotMessage.Stream(peer.boot(), stream, first, items, mark));
    }
}
