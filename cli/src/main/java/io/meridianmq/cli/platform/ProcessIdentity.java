package io.meridianmq.cli.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process, once and for all: its number can be given to another process after its end, and its number together with
 * its start cannot.
 *
 * @param pid the process number
 * @param startTicks when it started, in clock ticks since the machine booted; no clock adjustment changes it
 * @param bootId which boot of the machine that was
 */
record ProcessIdentity(long pid, long startTicks, String bootId) {

    // Fields after the name of the program in /proc/PID/stat, which may hold spaces and ends with the last parenthesis.
    private static final int STATE_FIELD = 0;
    private static final int START_FIELD = 19;

    /** The process that has this number now; empty if there is none or it has ended. */
    static Optional<ProcessIdentity> of(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            var ended = fields[STATE_FIELD].equals("Z") || fields[STATE_FIELD].equals("X");
            var bootId =
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
            return ended
                    ? Optional.empty()
                    : Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_FIELD]), bootId));
        } catch (IOException _) {
            // The process ended: its files are gone, before or while they were read.
            return Optional.empty();
        }
    }

    /** This process. */
    static ProcessIdentity self() {
        return of(ProcessHandle.current().pid())
                .orElseThrow(() -> new IllegalStateException("/proc does not show this process"));
    }

    boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Asks the process to end (SIGTERM); nothing happens if it has ended. */
    void terminate() {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
        }
    }

    /** Ends the process (SIGKILL); nothing happens if it has ended. */
    void kill() {
        if (isAlive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
