package io.meridianmq.fabric.link;

import static org.awaitility.Awaitility.await;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A component that is nothing but its links, over real sockets on loopback. */
final class TestComponent implements AutoCloseable, LinkEvents {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final Place place;
    final long boot;
    final List<String> events = new CopyOnWriteArrayList<>();
    final Set<Place> leftOutBy = ConcurrentHashMap.newKeySet();
    final List<Frame> frames = new CopyOnWriteArrayList<>();
    private final EventExecutor mesh;
    private final Links links;
    private final LinkServer server;
    private volatile Consumer<Frame> handler = frames::add;

    TestComponent(String place, long boot, LinkSettings settings) {
        this(place, boot, settings, OpaqueBytes.CODEC);
    }

    TestComponent(String place, long boot, LinkSettings settings, PublicationCodec codec) {
        this(place, boot, settings, codec, TransportSecurity.of(Optional.empty()));
    }

    TestComponent(String place, long boot, LinkSettings settings, PublicationCodec codec, TransportSecurity security) {
        this.place = Place.parse(place);
        this.boot = boot;
        this.mesh = new DefaultEventExecutor(new DefaultThreadFactory("mesh-" + place));
        this.links = new Links(
                new Member(this.place, boot, "", "", ""), mesh, settings, security, codec, this, new Random(boot));
        try {
            var bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            this.server = LinkServer.start(bind, links);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.port();
    }

    Member member() {
        return memberAt(port());
    }

    /** This component's entry in the directory, with another port in its link address. */
    Member memberAt(int port) {
        return new Member(place, boot, "127.0.0.1:" + port, "", "");
    }

    void sees(long revision, Member... members) {
        onMesh(() -> {
            links.onView(MembershipView.of(revision, Stream.of(members).toList()));
            return true;
        });
    }

    boolean offer(TestComponent peer, Frame frame) {
        return onMesh(() -> links.offer(peer.place, frame));
    }

    /** Offers frames in one task of the mesh thread. Returns how many were taken before the first was not. */
    int offerAll(TestComponent peer, List<? extends Frame> frames) {
        return onMesh(() -> {
            var taken = 0;
            while (taken < frames.size() && links.offer(peer.place, frames.get(taken))) {
                taken++;
            }
            return taken;
        });
    }

    boolean isUp(TestComponent peer) {
        return onMesh(() -> links.isUp(peer.place));
    }

    LinkFigures figures(TestComponent peer) {
        return figures(peer.place);
    }

    /** As they are between two tasks of the mesh thread: what has arrived elsewhere has been counted as sent. */
    LinkFigures figures(Place peer) {
        var figures = onMesh(() -> links.figures()).get(peer);
        if (figures == null) {
            throw new AssertionError(place + " has no link to " + peer);
        }
        return figures;
    }

    Links links() {
        return links;
    }

    /** From now on arriving frames go to {@code handler}, on the mesh thread. */
    void handleWith(Consumer<Frame> handler) {
        this.handler = handler;
    }

    /** Keeps the mesh thread from working until the latch is open. */
    void pauseUntil(CountDownLatch latch) {
        mesh.execute(() -> {
            try {
                if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("the test forgot to open the latch");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void onLinkUp(Place peer, long peerBoot) {
        events.add("up " + peer + " boot " + peerBoot);
    }

    @Override
    public void onLeftOut(Place peer) {
        leftOutBy.add(peer);
    }

    @Override
    public void onLinkDown(Place peer) {
        events.add("down " + peer);
    }

    @Override
    public void onFrame(Place peer, Frame frame) {
        handler.accept(frame);
    }

    @Override
    public void close() {
        links.close();
        server.close();
        mesh.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Lets two components know each other, and waits for the link. */
    static void connect(TestComponent a, TestComponent b) {
        connect(a, b, a.member(), b.member());
    }

    static void connect(TestComponent a, TestComponent b, Member memberA, Member memberB) {
        a.sees(1, memberA, memberB);
        b.sees(1, memberA, memberB);
        awaitThat(() -> a.isUp(b) && b.isUp(a));
    }

    static void awaitThat(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(2)).atMost(PATIENCE).until(condition);
    }

    /** Runs a task on the mesh thread and waits for it. */
    <T> T onMesh(Callable<T> task) {
        return mesh.submit(task).syncUninterruptibly().getNow();
    }
}
