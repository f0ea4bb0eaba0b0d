package io.meridianmq.cli.load;

import io.meridianmq.cli.load.account.Ledger;

/**
 * What the clients of a fleet report to. Belongs to the event loop.
 *
 * @param inRegion from a device to the watcher of its region
 * @param acrossRegions from a device to the watchers of other regions
 */
record Instruments(
        RunClock clock,
        Ledger ledger,
        Latency inRegion,
        Latency acrossRegions,
        Commands commands,
        Rehearsal rehearsal,
        Troubles troubles) {}
