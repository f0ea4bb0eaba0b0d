package io.meridianmq.core.claim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The claims of clients that are away, soonest first: a binary heap in which each knows its position, so that one that
 * comes back leaves nothing behind.
 */
final class ClaimTimers {

    private record Entry(Claim claim, Claim.Away away) {}

    private final List<Entry> heap = new ArrayList<>();

    int size() {
        return heap.size();
    }

    /** Enters a claim whose client is away, if there will be something to do for it. */
    void add(Claim claim) {
        var away = claim.away;
        var quiet = claim.quietNanos();
        if (away == null || quiet < 0) {
            return;
        }
        assert away.position < 0 : "entered twice";
        away.dueNanos = away.sinceNanos + quiet;
        heap.add(new Entry(claim, away));
        away.position = heap.size() - 1;
        up(away.position);
    }

    /** Takes a claim out, if it is in. */
    void remove(Claim claim) {
        var away = claim.away;
        if (away == null || away.position < 0) {
            return;
        }
        var position = away.position;
        away.position = -1;
        var last = heap.removeLast();
        if (position < heap.size()) {
            set(position, last);
            up(position);
            down(last.away.position);
        }
    }

    /** Takes out the soonest claim if it is due, else null. */
    @Nullable
    Claim poll(long nowNanos) {
        if (heap.isEmpty() || nowNanos - heap.getFirst().away.dueNanos < 0) {
            return null;
        }
        var claim = heap.getFirst().claim;
        remove(claim);
        return claim;
    }

    private void up(int from) {
        var position = from;
        while (position > 0 && isSooner(position, (position - 1) / 2)) {
            swap(position, (position - 1) / 2);
            position = (position - 1) / 2;
        }
    }

    private void down(int from) {
        var position = from;
        while (true) {
            var child = 2 * position + 1;
            if (child + 1 < heap.size() && isSooner(child + 1, child)) {
                child++;
            }
            if (child >= heap.size() || !isSooner(child, position)) {
                return;
            }
            swap(position, child);
            position = child;
        }
    }

    private boolean isSooner(int one, int other) {
        return heap.get(one).away.dueNanos - heap.get(other).away.dueNanos < 0;
    }

    private void swap(int one, int other) {
        var entry = heap.get(one);
        set(one, heap.get(other));
        set(other, entry);
    }

    private void set(int position, Entry entry) {
        heap.set(position, entry);
        entry.away.position = position;
    }
}
