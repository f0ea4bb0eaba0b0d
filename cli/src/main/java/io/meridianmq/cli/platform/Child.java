package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that this one started.
 *
 * @param component what it is
 * @param started what the data folder remembers of it
 * @param process to learn its exit code
 * @param startNanos when it was started, by {@link System#nanoTime}
 */
record Child(Component component, Started started, Process process, long startNanos) {

    /**
     * Starts the command line in a session of its own, so that Ctrl-C in the terminal reaches this process alone, which
     * then ends its children in order; a closed terminal does not reach them either.
     *
     * @param restarts how often it was started before, since the start of the platform
     */
    static Child start(Component component, List<String> commandLine, DataFolder folder, int restarts) {
        var log = new LogFile(folder.log(component));
        log.begin(restarts == 0 ? "meridian up" : "meridian up, started again after it ended, " + restarts);
        var line = new ArrayList<String>();
        // It replaces itself with the command: the process number stays.
        line.add("setsid");
        line.addAll(commandLine);
        var builder = new ProcessBuilder(line)
                .directory(folder.root().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(Redirect.appendTo(log.path().toFile()))
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(Child::isConfiguration);
        if (component.kind() == Kind.ETCD) {
            // Debian's etcd runs on ARM only when told that this is wanted.
            builder.environment().put("ETCD_UNSUPPORTED_ARCH", "arm64");
        }
        try {
            var process = builder.start();
            // A process that has ended already gets an identity that no live process has.
            var identity = ProcessIdentity.of(process.pid())
                    .orElseGet(() -> new ProcessIdentity(process.pid(), 0, "ended before it was looked at"));
            return new Child(
                    component,
                    new Started(
                            component.name(),
                            component.kind(),
                            component.place().toString(),
                            component.port(),
                            identity,
                            log.path().toString(),
                            component.readiness().toString(),
                            component.metrics().toString(),
                            restarts),
                    process,
                    System.nanoTime());
        } catch (IOException e) {
            throw new PlatformException("cannot start " + component.name() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Variables that override keys of a configuration file. One that is meant for a broker of the user's would change
     * every process here: all would share its data folder, for example.
     */
    private static boolean isConfiguration(String variable) {
        return variable.startsWith("MERIDIAN_") && !variable.equals("MERIDIAN_LOG_LEVEL");
    }

    boolean isAlive() {
        return process.isAlive();
    }
}
