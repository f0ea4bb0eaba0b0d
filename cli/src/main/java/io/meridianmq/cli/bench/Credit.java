package io.meridianmq.cli.bench;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many messages of one publisher all of its subscribers on one loop have got. Belongs to that loop, which tells the
 * publisher once at the end of a turn.
 */
final class Credit implements Runnable {

    private final Worker worker;
    private final Publisher publisher;
    private int copies;

    /** By sequence number modulo their size: which message, and how many subscribers have yet to get it. */
    private final long[] sequences;

    private final int[] missing;

    private long whole;
    private boolean isTold = true;

    /** As {@link #whole}; the publisher's loop reads it. */
    private final AtomicLong told = new AtomicLong();

    /** @param window messages that the publisher may have outstanding */
    Credit(Worker worker, Publisher publisher, int window) {
        this.worker = worker;
        this.publisher = publisher;
        var size = Integer.highestOneBit(window) * 2;
        this.sequences = new long[size];
        this.missing = new int[size];
    }

    /** Another subscriber, or group of subscribers, which gets every message. Before the first message. */
    void addCopy() {
        copies++;
    }

    /** One subscriber has got a message for the first time. */
    void onArrival(long sequence) {
        if (copies > 1 && !isLast(sequence)) {
            return;
        }
        whole++;
        if (isTold) {
            isTold = false;
            worker.loop().atEndOfTurn(this);
        }
    }

    private boolean isLast(long sequence) {
        var slot = (int) sequence & (sequences.length - 1);
        if (missing[slot] == 0 || sequences[slot] != sequence) {
            sequences[slot] = sequence;
            missing[slot] = copies;
        }
        missing[slot]--;
        return missing[slot] == 0;
    }

    @Override
    public void run() {
        isTold = true;
        told.lazySet(whole);
        publisher.onProgress(worker);
    }

    /** Any thread. */
    long told() {
        return told.get();
    }
}
