package io.meridianmq.core.stream;

import io.meridianmq.core.link.StreamItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a stream at its source: numbers items, sends them within a window, and again from the mark on when no mark
 * comes (go-back-N).
 *
 * <pre>
 *   acknowledged            sent                  last
 *   -------|--- under way ---|----- waiting -------|
 * </pre>
 */
final class Outgoing {

    /** Takes a part that is to be sent now; it may get lost. */
    @FunctionalInterface
    interface Parts {
        void send(long first, List<StreamItem> items);
    }

    private record Held(StreamItem item, long sinceNanos) {}

    private final StreamSettings settings;
    private final long resendAfterMinNanos;
    private final long resendAfterMaxNanos;
    private final long unacknowledgedMaxNanos;

    private final Deque<Held> underWay = new ArrayDeque<>();
    private final Deque<Held> waiting = new ArrayDeque<>();
    private long acknowledged;
    /** Highest position ever sent; above what is sent after going back. */
    private long sentEver;

    private long underWayBytes;
    private long heldBytes;

    /** When what is under way counts as lost; means something only while something is. */
    private long deadlineNanos;

    private long resendAfterNanos;
    /** Whether nobody has answered since it was last sent again: until somebody does, one part at a time asks. */
    private boolean probing;

    private long sentItems;
    private long resentItems;

    Outgoing(StreamSettings settings) {
        this.settings = settings;
        this.resendAfterMinNanos = settings.resendAfter().toNanos();
        this.resendAfterMaxNanos = settings.resendAfterMax().toNanos();
        this.unacknowledgedMaxNanos = settings.unacknowledgedMax().toNanos();
        this.resendAfterNanos = resendAfterMinNanos;
    }

    /** Another stream begins: what is held is dropped, and positions start again. */
    void restart() {
        underWay.clear();
        waiting.clear();
        acknowledged = 0;
        sentEver = 0;
        underWayBytes = 0;
        heldBytes = 0;
        resendAfterNanos = resendAfterMinNanos;
        probing = false;
    }

    /** Takes an item; false if there is no room for it, and then nothing has happened. */
    boolean offer(StreamItem item, long nowNanos) {
        if (heldBytes + item.sizeBytes() > settings.heldBytes()) {
            return false;
        }
        waiting.addLast(new Held(item, nowNanos));
        heldBytes += item.sizeBytes();
        return true;
    }

    /** The other side has taken everything up to a position; false if that was never sent. */
    boolean onMark(long mark, long nowNanos) {
        if (mark > sentEver) {
            return false;
        }
        if (mark <= acknowledged) {
            return true; // Overtaken on the way by a later one.
        }
        for (; acknowledged < mark; acknowledged++) {
            var wentBack = underWay.isEmpty(); // It was taken before its turn to be sent again came.
            var sizeBytes = (wentBack ? waiting : underWay).removeFirst().item.sizeBytes();
            heldBytes -= sizeBytes;
            underWayBytes -= wentBack ? 0 : sizeBytes;
        }
        probing = false;
        resendAfterNanos = resendAfterMinNanos;
        deadlineNanos = nowNanos + resendAfterNanos;
        return true;
    }

    /** Whether something has been held for too long. A hello alone may be: nothing is lost with it. */
    boolean isOverdue(long nowNanos) {
        var oldest = oldestItem();
        return oldest != null && nowNanos - oldest.sinceNanos >= unacknowledgedMaxNanos;
    }

    /** Sends what may be sent, and again what has waited too long for a mark. */
    void pump(long nowNanos, Parts parts) {
        if (!underWay.isEmpty() && nowNanos - deadlineNanos >= 0) {
            goBack();
        }
        while (!waiting.isEmpty() && mayFollow(waiting.getFirst()) && !(probing && !underWay.isEmpty())) {
            sendPart(nowNanos, parts);
        }
    }

    /** Position of the item that is sent next. */
    long next() {
        return acknowledged + underWay.size() + 1;
    }

    long heldBytes() {
        return heldBytes;
    }

    /** Items sent for the first time, over all streams. */
    long sentItems() {
        return sentItems;
    }

    /** Items sent again, over all streams. */
    long resentItems() {
        return resentItems;
    }

    private void goBack() {
        while (!underWay.isEmpty()) {
            waiting.addFirst(underWay.removeLast());
        }
        underWayBytes = 0;
        probing = true;
        resendAfterNanos = Math.min(2 * resendAfterNanos, resendAfterMaxNanos);
    }

    private void sendPart(long nowNanos, Parts parts) {
        if (underWay.isEmpty()) {
            deadlineNanos = nowNanos + resendAfterNanos;
        }
        var first = next();
        var items = new ArrayList<StreamItem>();
        var bytes = 0L;
        while (!waiting.isEmpty()
                && mayFollow(waiting.getFirst())
                && (items.isEmpty() || bytes + waiting.getFirst().item.sizeBytes() <= settings.partBytes())) {
            var held = waiting.removeFirst();
            underWay.addLast(held);
            underWayBytes += held.item.sizeBytes();
            bytes += held.item.sizeBytes();
            items.add(held.item);
        }
        var again = Math.clamp(sentEver - first + 1, 0, items.size());
        resentItems += again;
        sentItems += items.size() - again;
        sentEver = Math.max(sentEver, next() - 1);
        parts.send(first, items);
    }

    private boolean mayFollow(Held held) {
        return underWay.isEmpty() || underWayBytes + held.item.sizeBytes() <= settings.windowBytes();
    }

    private @Nullable Held oldestItem() {
        for (var held : underWay) {
            if (!held.item.isHello()) {
                return held;
            }
        }
        for (var held : waiting) {
            if (!held.item.isHello()) {
                return held;
            }
        }
        return null;
    }
}
