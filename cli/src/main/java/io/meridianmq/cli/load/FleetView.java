package io.meridianmq.cli.load;

/** How a run is shown. Belongs to one thread. */
sealed interface FleetView permits LiveView, LinesView, JsonView {

    /** Once a second. */
    void show(Figures figures);

    /** Once, at the end. */
    void show(Account account);
}
