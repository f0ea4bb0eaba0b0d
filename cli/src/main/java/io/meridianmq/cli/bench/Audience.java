package io.meridianmq.cli.bench;

import io.meridianmq.cli.bench.account.Arrival;
import io.meridianmq.cli.bench.account.Sequences;
import java.util.List;

/**
 * Those who together should get each message of some publishers once: one subscriber, or a group that shares. Belongs to
 * a loop, that of all its members.
 */
final class Audience {

    private final int first;
    private final Sequences sequences;
    private final List<Credit> credits;

    /**
     * @param first the first publisher that it hears
     * @param publishers how many it hears
     * @param credits of these publishers; none in an open loop
     */
    Audience(int first, int publishers, List<Credit> credits) {
        this.first = first;
        this.sequences = new Sequences(publishers);
        this.credits = List.copyOf(credits);
    }

    boolean hears(int publisher) {
        return publisher >= first && publisher - first < sequences.publishers();
    }

    Arrival take(int publisher, long sequence) {
        var index = publisher - first;
        var arrival = sequences.take(index, sequence);
        if (arrival != Arrival.REPEATED && !credits.isEmpty()) {
            credits.get(index).onArrival(sequence);
        }
        return arrival;
    }

    /** How many messages have not come of those that its publishers have sent. */
    long missing(List<Long> sentByPublisher) {
        var missing = 0L;
        for (var index = 0; index < sequences.publishers(); index++) {
            missing += sentByPublisher.get(first + index) - sequences.received(index);
        }
        return missing;
    }
}
