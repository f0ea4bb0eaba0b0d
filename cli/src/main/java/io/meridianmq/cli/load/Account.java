package io.meridianmq.cli.load;

/**
 * What a run has come to.
 *
 * @param figures at its end
 * @param inRegion from a device to the watcher of its region, over the whole run
 * @param acrossRegions from a device to the watchers of other regions
 * @param roundTrip of commands
 * @param processorShare how much of one processor this program used
 */
record Account(
        FleetSettings settings,
        RunClock clock,
        Figures figures,
        Spread inRegion,
        Spread acrossRegions,
        Spread roundTrip,
        double processorShare) {

    /** Whether everything that was promised was kept: acknowledged messages came, and those of QoS 2 once. */
    boolean isWhole() {
        var totals = figures.totals();
        return totals.acknowledgedLost() == 0
                && totals.exactlyOnceRepeated() == 0
                && totals.neverSent() == 0
                && figures.commands().lost() == 0;
    }
}
