package io.meridianmq.core.slot;

import java.time.Duration;

/**
 * Times of the slot table.
 *
 * @param lease how long a node is listed after it was last heard of; whoever does not run for so long may have been replaced
 * @param pace least time between two tables that a leader writes
 * @param repeat after how long whoever waits for an answer asks or tells again
 */
public record SlotSettings(Duration lease, Duration pace, Duration repeat) {

    /** Leases of 6 s, a table every 100 ms at most, repetition after 500 ms. */
    public static final SlotSettings DEFAULT =
            new SlotSettings(Duration.ofSeconds(6), Duration.ofMillis(100), Duration.ofMillis(500));

    /** For how long absence means nothing where leases may have ended although their processes live. */
    Duration doubt() {
        return lease.multipliedBy(2);
    }
}
