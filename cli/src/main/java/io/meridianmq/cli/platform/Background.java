package io.meridianmq.cli.platform;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;

/**
 * An {@code up} that stays when the one which started it returns: a process of its own, which writes what it says to a log
 * file in the data folder.
 */
final class Background {

    private static final int HEAP_MB = 64;

    private final DataFolder folder;
    private final List<String> commandLine;

    /**
     * @param java how Meridian's processes are started
     * @param main the class that the command {@code meridian} starts with
     * @param arguments what that command is to get
     */
    Background(DataFolder folder, JavaRuntime java, Class<?> main, List<String> arguments) {
        this.folder = folder;
        this.commandLine = java.commandLine(main.getName(), HEAP_MB, List.of(), arguments);
    }

    /**
     * Starts it, and copies what it says until the platform is ready. If this process is told to end meanwhile, so is that.
     *
     * @return what it has started
     * @throws PlatformException if it ended; it has said why
     */
    List<PlatformState.Started> start(OutputStream out) throws InterruptedException {
        var log = new LogFile(folder.upLog());
        log.begin("meridian up --detach");
        try {
            var from = log.size();
            var process = launch(log);
            var onSignal = new Thread(() -> end(process), "stop");
            Runtime.getRuntime().addShutdownHook(onSignal);
            log.follow(from, out, () -> !process.isAlive() || isReady(process));
            if (!process.isAlive()) {
                throw new PlatformException("the platform was not started: see above, or " + log.path());
            }
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start in the background", e);
        }
        return PlatformState.read(folder).map(PlatformState::processes).orElse(List.of());
    }

    /** In a session of its own, so that neither Ctrl-C nor the end of the terminal reaches it. */
    private Process launch(LogFile log) throws IOException {
        var line = new ArrayList<String>();
        line.add("setsid");
        line.addAll(commandLine);
        return new ProcessBuilder(line)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(Redirect.appendTo(log.path().toFile()))
                .redirectErrorStream(true)
                .start();
    }

    private boolean isReady(Process process) {
        return PlatformState.read(folder)
                .filter(PlatformState::ready)
                .flatMap(PlatformState::liveSupervisor)
                .filter(supervisor -> supervisor.pid() == process.pid())
                .isPresent();
    }

    private static void end(Process process) {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException _) {
            // Nobody interrupts a shutdown hook; if it happens, what still runs is for "meridian down".
            Thread.currentThread().interrupt();
        }
    }
}
