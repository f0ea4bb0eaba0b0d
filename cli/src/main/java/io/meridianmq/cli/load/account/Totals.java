package io.meridianmq.cli.load.account;

import java.util.List;

/**
 * The whole account.
 *
 * @param byQos what was published at QoS 0, 1 and 2
 * @param watchers what each watcher got
 * @param neverSent messages that came to watchers and that nobody had sent
 */
public record Totals(List<Publishes> byQos, List<WatcherTotals> watchers, long neverSent) {

    public Totals {
        byQos = List.copyOf(byQos);
        watchers = List.copyOf(watchers);
    }

    /** Messages that were acknowledged and did not come to a watcher, all watchers together. */
    public long acknowledgedLost() {
        return watchers.stream()
                .mapToLong(watcher ->
                        watcher.byQos().get(1).lost() + watcher.byQos().get(2).lost())
                .sum();
    }

    /** QoS 2 messages that came more than once, all watchers together. */
    public long exactlyOnceRepeated() {
        return watchers.stream()
                .mapToLong(watcher -> watcher.byQos().get(2).repeated())
                .sum();
    }
}
