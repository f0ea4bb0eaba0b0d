package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Ends processes in an order that lets each say goodbye to those it depends on. */
final class Shutdown {

    /** How long a process has to end in order. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(20);

    private Shutdown() {}

    /**
     * Ends those of the processes that still run: kind by kind against the order of their start, each asked first
     * (SIGTERM), and made to (SIGKILL) if it has not done so within {@code patience}.
     */
    static void stop(List<Started> processes, Duration patience, Consumer<String> progress)
            throws InterruptedException {
        for (var kind : Arrays.asList(Kind.values()).reversed()) {
            var live = processes.stream()
                    .filter(started ->
                            started.kind() == kind && started.identity().isAlive())
                    .toList();
            if (!live.isEmpty()) {
                progress.accept("stopping " + live.stream().map(Started::name).collect(Collectors.joining(", ")));
                stopTogether(live, patience, progress);
            }
        }
    }

    private static void stopTogether(List<Started> processes, Duration patience, Consumer<String> progress)
            throws InterruptedException {
        processes.forEach(started -> started.identity().terminate());
        var deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - deadline < 0) {
            if (processes.stream().noneMatch(started -> started.identity().isAlive())) {
                return;
            }
            Thread.sleep(POLL);
        }
        for (var started : processes) {
            if (started.identity().isAlive()) {
                progress.accept(started.name() + " did not end within " + patience.toMillis() + " ms: killed");
                started.identity().kill();
            }
        }
    }
}
