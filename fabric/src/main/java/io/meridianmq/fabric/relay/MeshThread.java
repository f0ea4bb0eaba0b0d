package io.meridianmq.fabric.relay;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.mesh.Mesh;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.link.LinkEvents;
import io.meridianmq.fabric.link.Links;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread {@code mesh} and what belongs to it: the mesh and the protocol state of the links.
 *
 * <p>After a batch of events the mesh is flushed once: when the tasks are done that were waiting when the first of them was
 * handled. Without events it is flushed every {@value #FLUSH_EVERY_MILLIS} ms.
 *
 * <p>Methods say which of them any thread may call; the others belong to the mesh thread.
 */
final class MeshThread<M extends Mesh> implements LinkEvents {

    private static final Logger log = LoggerFactory.getLogger(MeshThread.class);

    private static final int FLUSH_EVERY_MILLIS = 10;
    private static final int REPORT_EVERY_MILLIS = 1_000;
    private static final int STOP_SECONDS_MAX = 5;

    private static final ThreadFactory THREADS = task -> new FastThreadLocalThread(task, "mesh");

    private final EventExecutor executor = new DefaultEventExecutor(THREADS);
    private final MeshSetup setup;
    private final Function<? super M, Map<String, Double>> figures;
    private final Links links;
    private final M mesh;

    /** The last view of each directory. */
    private final List<MembershipView> views;

    private Optional<LinkMeters> meters = Optional.empty();

    /** Whether a flush waits in the executor's queue. */
    private boolean flushWaits;

    /** Whether the mesh has thrown; it is not called again. */
    private boolean broken;

    /** What the mesh answered when it was last asked. Written by the mesh thread, read by health checks. */
    private volatile boolean ready;

    /** {@link System#nanoTime} when the mesh thread last did what is due. Written by it, read by health checks. */
    private volatile long lastTickNanos = System.nanoTime();

    MeshThread(MeshSetup setup, MeshFactory<M> factory, Function<? super M, Map<String, Double>> figures) {
        this.setup = setup;
        this.figures = figures;
        this.views = new ArrayList<>(Collections.nCopies(setup.directories().size(), MembershipView.EMPTY));
        this.links = new Links(
                new Member(setup.place(), setup.boot(), "", setup.clientAddress(), setup.metricsAddress()),
                executor,
                setup.linkSettings(),
                TransportSecurity.of(setup.link().tls()),
                setup.codec(),
                this,
                new Random());
        this.mesh = factory.create(this::send, System.nanoTime());
    }

    /** Starts to do what is due at its time. Any thread. */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // Both steps handle what is thrown in them, and end with the executor.
    void start() {
        executor.scheduleWithFixedDelay(this::tick, FLUSH_EVERY_MILLIS, FLUSH_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        executor.scheduleWithFixedDelay(
                this::everySecond, REPORT_EVERY_MILLIS, REPORT_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Any thread, for what the mesh allows any thread. */
    M mesh() {
        return mesh;
    }

    /** Any thread, for what the links allow any thread. */
    Links links() {
        return links;
    }

    /** Any thread. */
    boolean isReady() {
        return ready;
    }

    /** For how long the thread has not done what is due. Any thread. */
    Duration stalledFor() {
        return Duration.ofNanos(System.nanoTime() - lastTickNanos);
    }

    /**
     * Runs a task between events, and flushes the mesh after it. Any thread.
     *
     * @throws RejectedExecutionException after {@link #stop}
     */
    void execute(Runnable task) {
        executor.execute(() -> {
            guarded("a task of the mesh thread", task);
            flushSoon();
        });
    }

    /** Takes over another view of the directory with this number. Any thread. */
    void offerView(int directory, MembershipView view) {
        try {
            executor.execute(() -> onView(directory, view));
        } catch (RejectedExecutionException e) {
            log.debug("a view came after the end of the mesh thread", e);
        }
    }

    /** Keeps the figures of the links in meters. Any thread. */
    void bindTo(MeterRegistry registry) {
        links.bindTo(registry);
        setup.link()
                .tls()
                .ifPresent(own -> Gauge.builder(
                                "meridian.tls.certificate.expires.seconds",
                                own,
                                credentials -> Duration.between(Instant.now(), credentials.expiry())
                                        .toSeconds())
                        .description("Time until the process's own certificate has expired")
                        .register(registry));
        executor.execute(() -> meters = Optional.of(new LinkMeters(registry)));
    }

    /** Ends the thread; the links must be closed. Any other thread. */
    void stop() {
        var stopped = executor.shutdownGracefully(0, STOP_SECONDS_MAX, TimeUnit.SECONDS);
        if (!stopped.awaitUninterruptibly(2L * STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the mesh thread did not end: a task on it does not return");
        }
    }

    @Override
    public void onLinkUp(Place peer, long peerBoot) {
        guarded("a link that came up", () -> mesh.onLinkUp(peer, System.nanoTime()));
        flushSoon();
    }

    @Override
    public void onLinkDown(Place peer) {
        guarded("a link that went down", () -> mesh.onLinkDown(peer, System.nanoTime()));
        flushSoon();
    }

    @Override
    public void onLeftOut(Place peer) {
        guarded("a link that was refused", () -> mesh.onLeftOut(peer, System.nanoTime()));
        flushSoon();
    }

    /** A frame that the mesh cannot handle resets its link, and nothing else. */
    @Override
    public void onFrame(Place peer, Frame frame) {
        if (!broken) {
            mesh.onFrame(peer, frame, System.nanoTime());
            flushSoon();
        }
    }

    private void onView(int directory, MembershipView view) {
        views.set(directory, view);
        if (views.getFirst().revision() == 0) {
            return; // Without a view of its home it would tell others that there is nobody.
        }
        var merged = views.stream().reduce(MembershipView::mergedWith).orElseThrow();
        // The mesh first: it forgets who left before the links to them go down.
        guarded("a view of the directory", () -> mesh.onView(merged, System.nanoTime()));
        links.onView(merged);
        askWhetherReady();
        flushSoon();
    }

    /** What a link does not take it drops and counts: lanes and interest send again. */
    private void send(Place neighbour, Frame frame) {
        links.offer(neighbour, frame);
    }

    private void tick() {
        lastTickNanos = System.nanoTime();
        if (!ready) {
            askWhetherReady();
        }
        flush();
    }

    private void everySecond() {
        askWhetherReady();
        var linkFigures = links.figures();
        guarded(
                "the report",
                () -> mesh.report(
                        figures.apply(mesh),
                        LinkReports.of(linkFigures),
                        System.nanoTime(),
                        System.currentTimeMillis()));
        guarded("the meters of the links", () -> meters.ifPresent(meters -> meters.refresh(linkFigures)));
        flushSoon();
    }

    private void askWhetherReady() {
        // A mesh that has seen nobody misses nothing.
        guarded("the mesh", () -> ready = views.getFirst().revision() > 0 && mesh.isReady(System.nanoTime()));
    }

    private void flushSoon() {
        if (!flushWaits && !executor.isShuttingDown()) {
            flushWaits = true;
            executor.execute(this::flush);
        }
    }

    private void flush() {
        flushWaits = false;
        guarded("the mesh", () -> mesh.flush(System.nanoTime()));
    }

    /** A mesh that throws is in no state to go on, so the process ends rather than tell others what may be wrong. */
    private void guarded(String what, Runnable step) {
        if (broken) {
            return;
        }
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            broken = true;
            ready = false;
            setup.onFailure().accept(what, e);
        }
    }
}
