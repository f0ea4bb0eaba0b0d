package io.meridianmq.cli.bench.account;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What one subscriber has got of some publishers, each of which numbers its messages 0, 1, 2 ... without gaps. Belongs to
 * one thread.
 *
 * <p>At most {@value #MISSING_MAX} numbers that were left out are remembered: of messages beyond them that come late it
 * cannot be told whether they were here before, and they count as repeated and as lost.
 */
public final class Sequences {

    static final int MISSING_MAX = 100_000;

    private static final int PUBLISHER_SHIFT = 40;

    private final long[] next;
    private final long[] received;
    private final Set<Long> missing = new HashSet<>();

    /**
     * Nothing has come yet.
     *
     * @param publishers numbered from 0
     */
    public Sequences(int publishers) {
        this.next = new long[publishers];
        this.received = new long[publishers];
    }

    /** How many there are. */
    public int publishers() {
        return next.length;
    }

    /** Takes a message, and says what it is. */
    public Arrival take(int publisher, long sequence) {
        var expected = next[publisher];
        if (sequence == expected) {
            next[publisher] = expected + 1;
            received[publisher]++;
            return Arrival.IN_ORDER;
        }
        if (sequence > expected) {
            for (var left = expected; left < sequence && missing.size() < MISSING_MAX; left++) {
                missing.add(key(publisher, left));
            }
            next[publisher] = sequence + 1;
            received[publisher]++;
            return Arrival.IN_ORDER;
        }
        if (missing.remove(key(publisher, sequence))) {
            received[publisher]++;
            return Arrival.LATE;
        }
        return Arrival.REPEATED;
    }

    /** How many different messages of this publisher have come. */
    public long received(int publisher) {
        return received[publisher];
    }

    /** How many different messages of all publishers have come. */
    public long received() {
        return Arrays.stream(received).sum();
    }

    private static long key(int publisher, long sequence) {
        return ((long) publisher << PUBLISHER_SHIFT) | sequence;
    }
}
