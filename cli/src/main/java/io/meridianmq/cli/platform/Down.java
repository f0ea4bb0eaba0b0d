package io.meridianmq.cli.platform;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** The command {@code meridian down}. */
@Command(
        name = "down",
        header = "Stop the platform that runs on this machine. Its data stays.",
        description = "Ends the processes that \"up\" started with this data folder, and only those; \"up\" itself "
                + "ends, too. Each process is asked to end, and made to after 10 s.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing is left running", "1:it could not be stopped", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {"  ./meridian down", "  ./meridian down --data /var/tmp/platform"})
public final class Down implements Callable<Integer> {

    private static final long POLL_MILLIS = 50;

    @Mixin
    private DataOption data = new DataOption();

    @Override
    public Integer call() throws InterruptedException {
        var folder = data.folder();
        var recorded = PlatformState.read(folder);
        var supervisor = recorded.flatMap(PlatformState::liveSupervisor);
        if (recorded.isEmpty() || (supervisor.isEmpty() && recorded.get().live().isEmpty())) {
            System.out.println("no platform is running with the data in " + folder);
            return ExitCode.OK;
        }
        if (supervisor.isPresent()) {
            System.out.println(
                    "meridian: asking \"up\" (process " + supervisor.get().pid() + ") to stop its processes");
            supervisor.get().terminate();
            // It gives each kind of process ten seconds and then ends for certain; if it is killed meanwhile, the loop
            // ends as well, and what it left is stopped below.
            while (supervisor.get().isAlive()) {
                Thread.sleep(POLL_MILLIS);
            }
        }
        // Read again: until its end it may have started processes again.
        var state = PlatformState.read(folder).orElse(recorded.get());
        Shutdown.stop(state.processes(), Shutdown.PATIENCE, what -> System.out.println("meridian: " + what));
        PlatformState.stopped(state.shape()).write(folder);
        System.out.println("meridian: stopped; the data stays in " + folder);
        return ExitCode.OK;
    }
}
