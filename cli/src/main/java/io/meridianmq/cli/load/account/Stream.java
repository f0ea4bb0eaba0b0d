package io.meridianmq.cli.load.account;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one device at one QoS, numbered from 0: those that are not decided yet, in a ring. Decided are those of
 * which nothing more is expected; they are counted elsewhere and forgotten here, oldest first. Belongs to the
 * {@link Ledger}.
 */
final class Stream {

    /** Most messages that wait for a decision; whoever has more has to wait. */
    static final int OPEN_MAX = 1 << 16;

    private static final int CAPACITY_FIRST = 4;

    /** Where a first arrival stands among those that the watcher has already. */
    enum Order {
        IN_ORDER,
        /** A later one, sent on the same connection, came before. */
        OUT_OF_ORDER,
        /** A later one came before, and its publisher had connected again between the two. */
        OVERTAKEN
    }

    private long base;
    private long next;

    /** The message with number n is at n modulo the length, a power of two. */
    private @Nullable Message[] ring = new Message[CAPACITY_FIRST];

    /** For each watcher the highest number that came, or -1. */
    private final long[] highest;

    Stream(int watchers) {
        this.highest = new long[watchers];
        Arrays.fill(highest, -1);
    }

    /** The oldest number that is not decided. */
    long base() {
        return base;
    }

    /** The number that the next message gets. */
    long next() {
        return next;
    }

    boolean isFull() {
        return next - base == OPEN_MAX;
    }

    /** Whether the number was given and is not decided. */
    boolean isOpen(long number) {
        return number >= base && number < next;
    }

    /** Gives a message its number. Not when the stream {@link #isFull}. */
    long add(Message message) {
        if (next - base == ring.length) {
            grow();
        }
        ring[at(next)] = message;
        return next++;
    }

    /** The message of a number that {@link #isOpen}. */
    Message message(long number) {
        var message = ring[at(number)];
        if (message == null || !isOpen(number)) {
            throw new IllegalArgumentException(number + " is not between " + base + " and " + next);
        }
        return message;
    }

    /** Notes a first arrival, of a number that {@link #isOpen}. */
    Order arrived(int watcher, long number) {
        message(number).arrivedAt(watcher);
        var before = highest[watcher];
        if (number > before) {
            highest[watcher] = number;
            return Order.IN_ORDER;
        }
        return message(number).isOfSameConnectionAs(message(before)) ? Order.OUT_OF_ORDER : Order.OVERTAKEN;
    }

    /** Forgets the oldest message. */
    void decided() {
        ring[at(base)] = null;
        base++;
    }

    private int at(long number) {
        return (int) number & ring.length - 1;
    }

    private void grow() {
        var old = ring;
        ring = new Message[2 * old.length];
        for (var number = base; number < next; number++) {
            ring[at(number)] = old[(int) number & old.length - 1];
        }
    }
}
