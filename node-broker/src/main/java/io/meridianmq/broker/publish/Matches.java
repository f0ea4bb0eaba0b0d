package io.meridianmq.broker.publish;

import io.meridianmq.core.session.Subscription;
import java.util.Arrays;

/** A list of subscriptions that keeps its array when it is cleared, up to a size. Belongs to one thread at a time. */
final class Matches {

    private static final int KEPT_MAX = 4_096;

    private Subscription[] items;
    private int count;

    Matches() {
        this(new Subscription[8], 0);
    }

    private Matches(Subscription[] items, int count) {
        this.items = items;
        this.count = count;
    }

    int count() {
        return count;
    }

    Subscription get(int index) {
        return items[index];
    }

    void set(int index, Subscription subscription) {
        items[index] = subscription;
    }

    void add(Subscription subscription) {
        if (count == items.length) {
            items = Arrays.copyOf(items, count * 2);
        }
        items[count++] = subscription;
    }

    Matches copy() {
        return new Matches(Arrays.copyOf(items, count), count);
    }

    void clear() {
        if (items.length > KEPT_MAX) {
            items = new Subscription[KEPT_MAX];
        }
        // What stays in the array is soon overwritten, or part of a session that is still there; it is at most this
        // much.
        count = 0;
    }
}
