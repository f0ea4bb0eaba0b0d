package io.meridianmq.cli.platform;

import io.meridianmq.cli.platform.PlatformState.Started;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Starts the processes of a platform, waits until they are ready, starts those again that end, and ends them.
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
    private final ProcessIdentity self;
    private final Consumer<String> progress;

    /** Only for the thread that watches. */
    private final Optional<RestartSchedule> restarts;

    // Both guarded by this.
    private final List<Child> children = new ArrayList<>();
    private boolean stopping;

    /**
     * @param restarts when to start again what ended after all were ready; empty: never
     * @param self this process
     * @param progress told in a few words what happens
     */
    Supervisor(
            Shape shape,
            DataFolder folder,
            CommandLines commandLines,
            Optional<RestartSchedule> restarts,
            ProcessIdentity self,
            Consumer<String> progress) {
        this.shape = shape;
        this.folder = folder;
        this.commandLines = commandLines;
        this.restarts = restarts;
        this.self = self;
        this.progress = progress;
    }

    /**
     * Starts everything: each etcd, with the network between regions, then all of Meridian's processes at once, then the
     * load balancers, so that these find ready nodes. Returns when all are ready.
     *
     * @throws PlatformException if a process ended or was not ready in time; everything has been stopped again
     */
    void start(Layout layout, Duration readyWithin) throws InterruptedException {
        var begin = System.nanoTime();
        var deadline = begin + readyWithin.toNanos();
        try {
            var byStep = layout.components().stream().collect(Collectors.groupingBy(Supervisor::step));
            for (var step : Step.values()) {
                startStep(byStep.getOrDefault(step, List.of()), deadline, readyWithin);
            }
            progress.accept("ready after %.1f s".formatted((System.nanoTime() - begin) / 1e9));
            noteReady();
        } catch (PlatformException e) {
            stop();
            throw e;
        }
    }

    private synchronized void noteReady() {
        requireNotStopping();
        note(true);
    }

    private synchronized void note(boolean ready) {
        new PlatformState(PlatformState.FORMAT, shape, self, ready, started()).write(folder);
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
        var child = Child.start(component, commandLines.of(component), folder, 0);
        children.add(child);
        note(false);
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

    /**
     * Says so when a process ends, and starts it again when it is due; the others keep running. Returns when none is left
     * and none is due any more.
     */
    void watch() throws InterruptedException {
        var ends = new LinkedBlockingQueue<Child>();
        List<Child> watched;
        synchronized (this) {
            watched = List.copyOf(children);
        }
        watched.forEach(child -> tellEnd(child, ends));
        var running = watched.size();
        var untilDue = Optional.<Duration>empty();
        while (running > 0 || untilDue.isPresent()) {
            var ended = untilDue.isPresent() ? ends.poll(untilDue.get().toNanos(), TimeUnit.NANOSECONDS) : ends.take();
            if (ended != null) {
                running--;
                onEnd(ended, running);
            }
            for (var child = nextAgain(); child.isPresent(); child = nextAgain()) {
                tellEnd(child.get(), ends);
                running++;
            }
            untilDue = untilDue();
        }
    }

    private synchronized Optional<Duration> untilDue() {
        return stopping ? Optional.empty() : restarts.flatMap(schedule -> schedule.untilDue(System.nanoTime()));
    }

    private static void tellEnd(Child child, BlockingQueue<Child> ends) {
        var _ = child.process().onExit().thenRun(() -> ends.add(child));
    }

    private synchronized void onEnd(Child child, int running) {
        if (stopping) {
            return;
        }
        var next = restarts.map(schedule -> "started again in " + schedule(schedule, child) + " s")
                .orElse("it stays away");
        progress.accept("%s (process %d) ended with exit code %d: %s; its log: %s; %d of %d processes keep running"
                .formatted(
                        child.started().name(),
                        child.process().pid(),
                        child.process().exitValue(),
                        next,
                        child.started().log(),
                        running,
                        children.size()));
    }

    private static long schedule(RestartSchedule schedule, Child ended) {
        var now = System.nanoTime();
        var lived = Duration.ofNanos(now - ended.startNanos());
        return schedule.ended(ended.started().name(), lived, now).toSeconds();
    }

    /** Starts the next process that is due; empty if none is, or if everything is to end. */
    private synchronized Optional<Child> nextAgain() {
        if (stopping || restarts.isEmpty()) {
            return Optional.empty();
        }
        return restarts.get().takeDue(System.nanoTime()).flatMap(name -> again(restarts.get(), name));
    }

    private synchronized Optional<Child> again(RestartSchedule schedule, String name) {
        var at = children.stream().map(child -> child.started().name()).toList().indexOf(name);
        var ended = children.get(at);
        try {
            var count = ended.started().restarts() + 1;
            var child = Child.start(ended.component(), commandLines.of(ended.component()), folder, count);
            children.set(at, child);
            note(true);
            progress.accept("%s started again (process %d)"
                    .formatted(name, child.process().pid()));
            return Optional.of(child);
        } catch (PlatformException e) {
            var pause = schedule.ended(name, Duration.ZERO, System.nanoTime());
            progress.accept("%s; the next attempt is in %d s".formatted(e.getMessage(), pause.toSeconds()));
            return Optional.empty();
        }
    }

    /** Ends every process that was started, and only those. A second call returns when the first one has done it. */
    synchronized void stop() throws InterruptedException {
        stopping = true;
        Shutdown.stop(started(), Shutdown.PATIENCE, progress);
        PlatformState.stopped(shape).write(folder);
    }
}
