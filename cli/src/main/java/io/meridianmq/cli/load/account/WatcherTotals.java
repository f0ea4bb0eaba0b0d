package io.meridianmq.cli.load.account;

import java.util.List;

/**
 * One watcher's account.
 *
 * @param name where it watches
 * @param byQos for QoS 0, 1 and 2 of the publishes
 * @param absences when it was away, in order
 */
public record WatcherTotals(String name, List<Deliveries> byQos, List<Absence> absences) {

    public WatcherTotals {
        byQos = List.copyOf(byQos);
        absences = List.copyOf(absences);
    }
}
