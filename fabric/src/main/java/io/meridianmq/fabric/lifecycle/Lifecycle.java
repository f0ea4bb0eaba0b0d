package io.meridianmq.fabric.lifecycle;

import io.meridianmq.fabric.config.ConfigException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process from start to end. The composition root {@linkplain #start starts} its components in order; on SIGTERM,
 * Ctrl-C or a {@linkplain #fail fatal error} they are stopped in reverse order, each within a limit of time, and the
 * process exits with one of the codes below.
 *
 * <p>{@link #start} and the stopping belong to the main thread; {@link #requestStop} and {@link #fail} may be called by
 * any thread, any number of times: the first one decides.
 */
public final class Lifecycle {

    /** Stopped in order, because somebody asked for it. */
    public static final int EXIT_ORDERLY = 0;

    /** Could not start or go on, or could not stop in order; the log says why. */
    public static final int EXIT_FAILURE = 1;

    /** Bad command line or configuration, or a data folder that must not be used: starting again will not help. */
    public static final int EXIT_USAGE = 2;

    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private final String process;
    private final Deque<Component> started = new ArrayDeque<>();
    private final CompletableFuture<Ending> ending = new CompletableFuture<>();

    Lifecycle(String process) {
        this.process = process;
    }

    /**
     * The whole life of a process: runs {@code root}, which starts the components and returns, waits for the end, stops
     * and exits the JVM. Never returns.
     *
     * @param process name of the program for the log, such as {@code node-broker}
     */
    @SuppressWarnings("SystemExitOutsideMain") // This is main, shared by every program.
    public static void main(String process, CompositionRoot root) {
        var lifecycle = new Lifecycle(process);
        var ended = new CountDownLatch(1);
        var exitCode = new AtomicInteger(EXIT_FAILURE);
        // The JVM exits with 128 + signal after its hooks, whatever they do; halting says what really happened.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            lifecycle.requestStop("a signal to end the process");
                            if (awaitUninterrupted(ended)) {
                                Runtime.getRuntime().halt(exitCode.get());
                            }
                        },
                        "stop"));
        exitCode.set(lifecycle.run(root));
        ended.countDown();
        System.exit(exitCode.get());
    }

    /** Runs a process without ending the JVM; returns its exit code. */
    int run(CompositionRoot root) {
        try {
            root.start(this);
            log.info("{} started", process);
            ending.get();
        } catch (ConfigException e) {
            e.problems().forEach(problem -> log.error("{}", problem));
            end(new Ending("its configuration cannot be used", EXIT_USAGE));
        } catch (StartRefusedException e) {
            log.error("{}", e.getMessage());
            end(new Ending("it must not start like this", EXIT_USAGE));
        } catch (InterruptedException e) {
            end(new Ending("its main thread was interrupted", EXIT_FAILURE));
        } catch (Exception | Error e) {
            fail("start of " + process, e);
        }
        return stopAll();
    }

    /**
     * Starts a component and remembers to stop it. Does nothing but throw when the end has already been requested, so
     * that a process told to stop while it starts does not go on starting.
     *
     * @param name for the log
     * @param stopLimit how long its {@code close} may take; after that the next one is stopped
     * @return what {@code start} returned
     */
    public <T extends AutoCloseable> T start(String name, Duration stopLimit, Start<T> start) throws Exception {
        if (ending.isDone()) {
            throw new InterruptedException("told to stop before " + name + " was started");
        }
        var sinceNanos = System.nanoTime();
        var component = start.start();
        started.push(new Component(name, stopLimit, component));
        log.info("{} started in {} ms", name, millisSince(sinceNanos));
        return component;
    }

    /** Ends the process in order. */
    public void requestStop(String reason) {
        end(new Ending(reason, EXIT_ORDERLY));
    }

    /** Ends the process because it cannot go on. What can be stopped in order is. */
    public void fail(String what, Throwable cause) {
        log.error("{} failed", what, cause);
        end(new Ending(what + " failed", EXIT_FAILURE));
    }

    private void end(Ending how) {
        if (ending.complete(how)) {
            log.info("{} stops: {}", process, how.reason());
        }
    }

    private int stopAll() {
        var inOrder = true;
        while (!started.isEmpty()) {
            inOrder &= stop(started.pop());
        }
        var exitCode = ending.join().exitCode();
        if (exitCode == EXIT_ORDERLY && !inOrder) {
            exitCode = EXIT_FAILURE;
        }
        log.info("{} ends with exit code {}", process, exitCode);
        return exitCode;
    }

    private boolean stop(Component component) {
        var sinceNanos = System.nanoTime();
        var stopping = new FutureTask<>(() -> {
            component.running().close();
            return true;
        });
        Thread.ofPlatform().daemon().name("stop-" + component.name()).start(stopping);
        try {
            stopping.get(component.stopLimit().toNanos(), TimeUnit.NANOSECONDS);
            log.info("{} stopped in {} ms", component.name(), millisSince(sinceNanos));
            return true;
        } catch (TimeoutException e) {
            log.error("{} did not stop within {}: going on without it", component.name(), component.stopLimit());
        } catch (ExecutionException e) {
            log.error("{} failed to stop", component.name(), e.getCause());
        } catch (InterruptedException e) {
            log.error("interrupted while {} was stopping: going on without it", component.name());
        }
        return false;
    }

    private static long millisSince(long sinceNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
    }

    private static boolean awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Wires a process: starts its components through the life cycle it is given, in order, and returns. */
    @FunctionalInterface
    public interface CompositionRoot {
        void start(Lifecycle lifecycle) throws Exception;
    }

    /** Starts one component. */
    @FunctionalInterface
    public interface Start<T extends AutoCloseable> {
        T start() throws Exception;
    }

    private record Component(String name, Duration stopLimit, AutoCloseable running) {}

    private record Ending(String reason, int exitCode) {}
}
