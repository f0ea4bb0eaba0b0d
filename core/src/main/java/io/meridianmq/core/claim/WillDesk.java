package io.meridianmq.core.claim;

import io.meridianmq.core.claim.SlotClaims.WillKey;
import io.meridianmq.core.link.DueWill;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Publishes due wills, so many at once, and those again that could not be published for lack of room. Belongs to its
 * owner's thread.
 */
final class WillDesk {

    private static final long TRY_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int TRIES_MAX = 60;

    private record Attempt(DueWill will, int tries, long notBeforeNanos) {}

    private final ClaimOutlet outlet;
    private final int underWayMax;
    private final Queue<Attempt> waiting = new ArrayDeque<>();
    /** In the order of their times, since all wait equally long. */
    private final Queue<Attempt> failed = new ArrayDeque<>();

    private final Map<WillKey, Attempt> underWay = new HashMap<>();
    private long published;
    private long dropped;

    WillDesk(ClaimOutlet outlet, ClaimSettings settings) {
        this.outlet = outlet;
        this.underWayMax = settings.willsUnderWayMax();
    }

    void publish(DueWill will) {
        waiting.add(new Attempt(will, 1, 0));
        publishWaiting();
    }

    /**
     * How an attempt ended.
     *
     * @return whether that was the last attempt, because it succeeded or because there have been enough
     */
    boolean onPublished(WillKey key, boolean accepted, long nowNanos) {
        var attempt = underWay.remove(key);
        if (attempt == null) {
            return false;
        }
        var isLast = accepted || attempt.tries >= TRIES_MAX;
        if (accepted) {
            published++;
        } else if (isLast) {
            dropped++;
        } else {
            failed.add(new Attempt(attempt.will, attempt.tries + 1, nowNanos + TRY_AGAIN_NANOS));
        }
        publishWaiting();
        return isLast;
    }

    void tick(long nowNanos) {
        while (!failed.isEmpty() && nowNanos - failed.element().notBeforeNanos >= 0) {
            waiting.add(failed.remove());
        }
        publishWaiting();
    }

    /** Wills that wait, or are under way. */
    int size() {
        return waiting.size() + failed.size() + underWay.size();
    }

    long published() {
        return published;
    }

    /** Wills that could not be published after many attempts. */
    long dropped() {
        return dropped;
    }

    private void publishWaiting() {
        while (!waiting.isEmpty() && underWay.size() < underWayMax) {
            var attempt = waiting.remove();
            if (underWay.putIfAbsent(WillKey.of(attempt.will), attempt) == null) {
                outlet.publishWill(attempt.will);
            }
        }
    }
}
