package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Starts the processes of a platform, waits until they are ready, watches over them and ends them.
 *
 * <p>One thread starts and watches; any other may {@link #stop()} at any time. Every start is noted in the data folder
 * before the next, so that whatever happens to this process, {@code meridian down} finds what it started.
 */
final class Supervisor {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final int LOG_LINES_SHOWN = 20;

    private final Shape shape;
    private final DataFolder folder;
    private final CommandLines commandLines;
    private final Optional<ProcessIdentity> watcher;
    private final Consumer<String> progress;

    // Both guarded by this.
    private final List<Child> children = new ArrayList<>();
    private boolean stopping;

    /**
     * @param watcher the process that stays to watch over the platform; empty if it runs on its own
     * @param progress told in a few words what happens
     */
    Supervisor(
            Shape shape,
            DataFolder folder,
            CommandLines commandLines,
            Optional<ProcessIdentity> watcher,
            Consumer<String> progress) {
        this.shape = shape;
        this.folder = folder;
        this.commandLines = commandLines;
        this.watcher = watcher;
        this.progress = progress;
    }

    /**
     * Starts everything: each etcd, with the network between regions, then all of Meridian's processes at once, then the
     * load balancers, so that these find ready nodes. Returns when all are ready.
     *
     * @throws PlatformException if a process ended or was not ready in time; everything has been stopped again
     */
    void start(Layout layout, Duration readyWithin) throws InterruptedException {
        var deadline = System.nanoTime() + readyWithin.toNanos();
        try {
            var byStep = layout.components().stream().collect(Collectors.groupingBy(Supervisor::step));
            for (var step : Step.values()) {
                startStep(byStep.getOrDefault(step, List.of()), deadline, readyWithin);
            }
        } catch (PlatformException e) {
            stop();
            throw e;
        }
    }

    /** Processes that are started together, in this order. */
    private enum Step {
        GROUND,
        MERIDIAN,
        LOAD_BALANCERS
    }

    private static Step step(Component component) {
        return switch (component.kind()) {
            case ETCD, WAN_PROXY -> Step.GROUND;
            case GLOBAL_CONTROL, REGION_GATEWAY, ZONE_GATEWAY, NODE -> Step.MERIDIAN;
            case HAPROXY -> Step.LOAD_BALANCERS;
        };
    }

    private void startStep(List<Component> components, long deadline, Duration readyWithin)
            throws InterruptedException {
        if (components.isEmpty()) {
            return;
        }
        progress.accept("starting " + components.stream().map(Component::name).collect(Collectors.joining(", ")));
        var begin = System.nanoTime();
        var waiting = new ArrayList<Child>();
        for (var component : components) {
            waiting.add(launch(component));
        }
        while (!waiting.isEmpty()) {
            for (var child : List.copyOf(waiting)) {
                requireAlive(child);
                if (Health.isReady(URI.create(child.started().readiness()))) {
                    waiting.remove(child);
                    progress.accept("[%d/%d] %s ready after %.1f s"
                            .formatted(
                                    components.size() - waiting.size(),
                                    components.size(),
                                    child.started().name(),
                                    (System.nanoTime() - begin) / 1e9));
                }
            }
            if (!waiting.isEmpty() && System.nanoTime() - deadline >= 0) {
                throw withLog(waiting.getFirst().started(), "was not ready within " + readyWithin.toSeconds() + " s");
            }
            Thread.sleep(POLL);
        }
    }

    private synchronized Child launch(Component component) {
        requireNotStopping();
        var child = Child.start(component, commandLines.of(component), folder);
        children.add(child);
        new PlatformState(PlatformState.FORMAT, shape, watcher.orElse(null), started()).write(folder);
        return child;
    }

    private synchronized void requireNotStopping() {
        if (stopping) {
            throw new PlatformException("stopped while it was starting");
        }
    }

    private void requireAlive(Child child) {
        if (!child.isAlive()) {
            requireNotStopping();
            throw withLog(
                    child.started(),
                    "ended with exit code " + child.process().exitValue() + " while the platform was starting");
        }
    }

    private static PlatformException withLog(Started started, String what) {
        List<String> lines;
        try {
            lines = new LogFile(Path.of(started.log())).tail(LOG_LINES_SHOWN);
        } catch (IOException e) {
            lines = List.of("cannot be read: " + e.getMessage());
        }
        return new PlatformException(started.name() + " " + what + "; the end of its log " + started.log() + ":\n    "
                + String.join("\n    ", lines));
    }

    /** The processes in the order of their start. */
    synchronized List<Started> started() {
        return children.stream().map(Child::started).toList();
    }

    /** Says so when a process ends; the others keep running. Returns when none is left. */
    void watch() throws InterruptedException {
        var ended = new LinkedBlockingQueue<Child>();
        List<Child> watched;
        synchronized (this) {
            watched = List.copyOf(children);
        }
        for (var child : watched) {
            var _ = child.process().onExit().thenRun(() -> ended.add(child));
        }
        for (var left = watched.size(); left > 0; left--) {
            var child = ended.take();
            if (!isStopping()) {
                progress.accept("%s (process %d) ended with exit code %d; its log: %s; %d of %d processes keep running"
                        .formatted(
                                child.started().name(),
                                child.process().pid(),
                                child.process().exitValue(),
                                child.started().log(),
                                left - 1,
                                watched.size()));
            }
        }
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Ends every process that was started, and only those. A second call returns when the first one has done it. */
    synchronized void stop() throws InterruptedException {
        stopping = true;
        Shutdown.stop(started(), Shutdown.PATIENCE, progress);
        PlatformState.stopped(shape).write(folder);
    }
}
