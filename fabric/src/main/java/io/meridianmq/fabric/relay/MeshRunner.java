package io.meridianmq.fabric.relay;

import io.meridianmq.core.mesh.Mesh;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.config.HostPort;
import io.meridianmq.fabric.directory.Directory;
import io.meridianmq.fabric.lifecycle.StartRefusedException;
import io.meridianmq.fabric.link.LinkFigures;
import io.meridianmq.fabric.link.LinkServer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Drives the mesh of one component in a process: tells it what links and directories tell, sends what it sends, and lets it
 * do what is due.
 *
 * <p>Owns a thread, {@code mesh}, to which the mesh belongs, and the directories it was given: they list the component from
 * the start until {@link #close}, so that neighbours see it leave before its links end. Any thread may call the methods
 * here.
 *
 * <p>A mesh that throws is not called again, and the process is told to end; a frame that it cannot handle only resets the
 * link it came on.
 */
public final class MeshRunner<M extends Mesh> implements Executor, AutoCloseable {

    private final MeshThread<M> thread;
    private final LinkServer server;
    private final List<Directory> directories;

    /** The link address that all directories but the first list. */
    private final String beyondAddress;

    /** Replaced by one thread at a time, read by any. */
    private volatile Listing listing;

    /**
     * What the directories have been told.
     *
     * @param member as the first directory lists it
     * @param done for each directory, done when it listed this component so for the first time
     */
    private record Listing(Member member, List<CompletableFuture<Void>> done) {}

    private MeshRunner(
            MeshThread<M> thread,
            LinkServer server,
            List<Directory> directories,
            String beyondAddress,
            Listing listing) {
        this.thread = thread;
        this.server = server;
        this.directories = directories;
        this.beyondAddress = beyondAddress;
        this.listing = listing;
    }

    /**
     * Accepts links, lists the component in its directories, and follows them. Returns at once: no directory need be there.
     *
     * @param setup its directories belong to the runner from here on, even if this throws
     * @param factory makes the mesh
     * @param figures what the component reports of itself; called on the mesh thread once a second
     * @throws StartRefusedException if the address for links cannot be bound; the message names it
     */
    public static <M extends Mesh> MeshRunner<M> start(
            MeshSetup setup, MeshFactory<M> factory, Function<? super M, Map<String, Double>> figures) {
        var thread = new MeshThread<>(setup, factory, figures);
        LinkServer server;
        try {
            server = LinkServer.start(setup.link().bind().toSocketAddress(), thread.links());
        } catch (IOException e) {
            close(setup.directories());
            thread.stop();
            throw new StartRefusedException(
                    "cannot accept links on " + setup.link().bind() + " (" + reason(e)
                            + "): end the process that uses the port, or set link.bind to another address",
                    e);
        }
        thread.start();
        var directories = setup.directories();
        var beyond = addressOf(setup.link().advertiseBeyond(), server.port());
        follow(directories, thread);
        return new MeshRunner<>(
                thread, server, directories, beyond, list(directories, memberOf(setup, server.port()), beyond));
    }

    /** The mesh. Outside of {@link #execute} only for what it allows any thread. */
    public M mesh() {
        return thread.mesh();
    }

    /** This component as its home directory lists it. */
    public Member member() {
        return listing.member();
    }

    /**
     * Lists the component as on its way out of service, or as back in it. Returns at once.
     *
     * @param draining what {@link Member#draining} is to say
     */
    public synchronized void listDraining(boolean draining) {
        if (member().draining() != draining) {
            listing = list(directories, member().withDraining(draining), beyondAddress);
        }
    }

    /** Lists a component that was starting as in service. Returns at once; an operator may drain it at the same time. */
    public synchronized void listInService() {
        if (member().starting()) {
            listing = list(directories, member().withStarting(false), beyondAddress);
        }
    }

    /**
     * Runs a task on the mesh thread, between events; the mesh is flushed after it.
     *
     * @throws java.util.concurrent.RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    /** Whether every directory has been seen and has listed this component, and the mesh knows what it needs. */
    public boolean isReady() {
        return thread.isReady() && isListed() && directories.stream().allMatch(Directory::ready);
    }

    /** Whether this component has been listed in every directory, so that its neighbours can know of it. */
    public boolean isListed() {
        return listing.done().stream().allMatch(done -> done.isDone() && !done.isCompletedExceptionally());
    }

    /** Whether the mesh knows what it needs of its neighbours, as of the last second. */
    public boolean isMeshReady() {
        return thread.isReady();
    }

    /** For how long the mesh thread has not done what is due every 10 ms. */
    public Duration stalledFor() {
        return thread.stalledFor();
    }

    /** The figures of every neighbour's link, in place order. */
    public Map<Place, LinkFigures> linkFigures() {
        return thread.links().figures();
    }

    /** Adds {@code meridian_link_...} meters with the label {@code peer}, brought up to date once a second. */
    public void bindTo(MeterRegistry registry) {
        thread.bindTo(registry);
    }

    /** Takes the component off its directories, then closes its links, then ends the mesh thread: at most 26 s. */
    @Override
    public void close() {
        try {
            close(directories);
            thread.links().close();
        } finally {
            try {
                server.close();
            } finally {
                thread.stop();
            }
        }
    }

    private static void follow(List<Directory> directories, MeshThread<?> thread) {
        for (int i = 0; i < directories.size(); i++) {
            var number = i;
            directories.get(i).watch(view -> thread.offerView(number, view));
        }
    }

    private static Listing list(List<Directory> directories, Member member, String beyondAddress) {
        var home = Stream.of(directories.getFirst().register(member));
        var beyond = directories.stream()
                .skip(1)
                .map(directory -> directory.register(member.withLinkAddress(beyondAddress)));
        return new Listing(member, Stream.concat(home, beyond).toList());
    }

    /** Side by side, since each may wait for an etcd that is away. */
    private static void close(List<Directory> directories) {
        try (var closing = Executors.newVirtualThreadPerTaskExecutor()) {
            directories.forEach(directory -> closing.execute(directory::close));
        }
    }

    private static Member memberOf(MeshSetup setup, int linkPort) {
        return new Member(
                        setup.place(),
                        setup.boot(),
                        addressOf(setup.link().advertise(), linkPort),
                        setup.clientAddress(),
                        setup.metricsAddress())
                .withStarting(setup.starts());
    }

    private static String addressOf(HostPort advertise, int linkPort) {
        return (advertise.port() == 0 ? advertise.withPort(linkPort) : advertise).toString();
    }

    /** What the operating system says: gRPC wraps it. */
    private static String reason(IOException e) {
        var cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }
}
