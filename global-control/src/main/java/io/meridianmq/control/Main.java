package io.meridianmq.control;

import io.meridianmq.fabric.lifecycle.Program;

/** The program {@code global-control}. */
public final class Main {

    private Main() {}

    /** Runs global-control until it is told to stop; exit code 2 for a bad command line or configuration. */
    public static void main(String[] args) {
        Program.main(
                GlobalControl.PROGRAM,
                args,
                ControlConfig::read,
                (lifecycle, config) -> new GlobalControl(config).start(lifecycle));
    }
}
