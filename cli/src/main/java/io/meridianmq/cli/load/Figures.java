package io.meridianmq.cli.load;

import io.meridianmq.cli.load.account.Publishes;
import io.meridianmq.cli.load.account.Totals;
import java.util.List;
import java.util.Optional;

/**
 * A fleet at one moment.
 *
 * @param phase what it is doing
 * @param publishedMillis for how long messages have been published
 * @param secondsSinceLast what the rates are over
 * @param connected devices that are connected and subscribed
 * @param reconnecting devices that were, or should be, and are not
 * @param connectionsLost connections that broke after they had been of use
 * @param outages when not everybody was connected who had been
 * @param lastTrouble what went wrong last with a connection
 * @param publishedPerSecond readings sent for the first time
 * @param receivedPerSecond different readings that came, for each watcher
 * @param inRegion from a device to the watcher of its region, since the last figures
 * @param acrossRegions from a device to the watchers of other regions, since the last figures
 * @param roundTrip of commands, since the last figures
 * @param lateMillis how late this program itself was at most since the last figures: latencies contain it
 */
record Figures(
        Phase phase,
        long publishedMillis,
        double secondsSinceLast,
        int connected,
        int reconnecting,
        long connectionsLost,
        List<Outage> outages,
        Optional<String> lastTrouble,
        double publishedPerSecond,
        double acknowledgedPerSecond,
        List<Double> receivedPerSecond,
        Spread inRegion,
        Spread acrossRegions,
        Spread roundTrip,
        double lateMillis,
        Totals totals,
        Commands.Tally commands) {

    Figures {
        outages = List.copyOf(outages);
        receivedPerSecond = List.copyOf(receivedPerSecond);
    }

    /** What a fleet does, in this order. */
    enum Phase {
        CONNECTING("connecting"),
        /** Every device greets; see {@link Rehearsal}. */
        REHEARSING("greeting"),
        PUBLISHING("publishing"),
        /** Nothing more is published; what is on its way still counts. */
        SETTLING("waiting for what is on its way"),
        ENDED("ended");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        @Override
        public String toString() {
            return label;
        }
    }

    static long sent(Totals totals) {
        return totals.byQos().stream().mapToLong(Publishes::sent).sum();
    }

    static long acknowledged(Totals totals) {
        return totals.byQos().stream().mapToLong(Publishes::acknowledged).sum();
    }

    /** Different readings that came to a watcher, given by its number. */
    static long received(Totals totals, int watcher) {
        return totals.watchers().get(watcher).byQos().stream()
                .mapToLong(deliveries -> deliveries.received())
                .sum();
    }
}
