package io.meridianmq.bench;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.fabric.link.LinkEvents;
import io.meridianmq.fabric.link.LinkServer;
import io.meridianmq.fabric.link.LinkSettings;
import io.meridianmq.fabric.link.Links;
import io.meridianmq.fabric.link.OpaqueBytes;
import io.meridianmq.fabric.tls.Authority;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.fabric.tls.TransportSecurity;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * QoS 0 publications over a link between two nodes, both ends in this process, over loopback.
 *
 * <p>The score is the time for each frame. Every iteration also prints the CPU time of the whole process for each frame,
 * both ends and garbage collection included. Budget: 4 us for 256 bytes of payload.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls connect() before anything else.
public class LinkBenchmark {

    private static final int FRAMES = 8_192;

    /** Frames that one task of the sender's mesh thread offers, as a loop iteration of a broker would. */
    @Param({"1", "32"})
    public int run;

    @Param("256")
    public int payloadBytes;

    /** Whether the link is encrypted. */
    @Param({"true", "false"})
    public boolean tls;

    private final Authority authority = Authority.create(Instant.now(), Duration.ofDays(1));
    private End sender;
    private End receiver;
    private Frame frame;
    private long framesSent;
    private long cpuNanosBefore;

    /** Opens the link. */
    @Setup(Level.Trial)
    public void connect() throws IOException, InterruptedException {
        sender = new End("us/a/1", security("us/a/1"));
        receiver = new End("us/a/2", security("us/a/2"));
        var view = MembershipView.of(1, List.of(sender.member(), receiver.member()));
        sender.sees(view);
        receiver.sees(view);
        sender.up.await();
        receiver.up.await();
        var publication = new Publication(
                new PublicationId(7, 1, 1),
                1L << 60,
                99,
                "plant/17/line/3/temperature",
                Qos.AT_MOST_ONCE,
                false,
                Publication.NEVER,
                new OpaqueBytes(ByteString.copyFrom(new byte[payloadBytes])));
        frame = new Frame.Forward(sender.place, publication, List.of(receiver.place), List.of(), 0);
    }

    /** Starts to count CPU time. */
    @Setup(Level.Iteration)
    public void startCounting() {
        framesSent = 0;
        cpuNanosBefore = cpuNanos();
    }

    /** Sends frames and waits until the other end has them. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void forward() throws InterruptedException {
        var arrived = new CountDownLatch(1);
        receiver.expect(FRAMES, arrived);
        for (int i = 0; i < FRAMES / run; i++) {
            sender.mesh.execute(this::offerRun);
        }
        arrived.await();
        framesSent += FRAMES;
    }

    /** Prints the CPU time for each frame of the iteration. */
    @TearDown(Level.Iteration)
    public void printCpu() {
        System.out.printf("%d ns of CPU per frame; ", (cpuNanos() - cpuNanosBefore) / framesSent);
    }

    /** Closes the link. */
    @TearDown(Level.Trial)
    public void close() {
        sender.close();
        receiver.close();
    }

    private TransportSecurity security(String place) {
        var identity = new Identity.Component(Place.parse(place));
        return TransportSecurity.of(
                tls ? Optional.of(authority.issue(identity, Instant.now(), Duration.ofDays(1))) : Optional.empty());
    }

    private void offerRun() {
        for (int i = 0; i < run; i++) {
            if (!sender.links.offer(receiver.place, frame)) {
                throw new IllegalStateException("the link took no more: lower the number of frames in flight");
            }
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** One component with nothing but its links. */
    private static final class End implements LinkEvents, AutoCloseable {

        private final Place place;
        private final EventExecutor mesh = new DefaultEventExecutor();
        private final CountDownLatch up = new CountDownLatch(1);
        private final Links links;
        private final LinkServer server;
        private int missing;
        private CountDownLatch arrived = new CountDownLatch(0);

        End(String place, TransportSecurity security) throws IOException {
            this.place = Place.parse(place);
            links = new Links(
                    new Member(this.place, 1, "", "", ""),
                    mesh,
                    LinkSettings.DEFAULTS,
                    security,
                    OpaqueBytes.CODEC,
                    this,
                    new Random(1));
            server = LinkServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), links);
        }

        Member member() {
            return new Member(place, 1, "127.0.0.1:" + server.port(), "", "");
        }

        void sees(MembershipView view) {
            mesh.submit(() -> links.onView(view)).syncUninterruptibly();
        }

        void expect(int frames, CountDownLatch latch) {
            mesh.submit(() -> {
                        missing = frames;
                        arrived = latch;
                    })
                    .syncUninterruptibly();
        }

        @Override
        public void onLinkUp(Place peer, long peerBoot) {
            up.countDown();
        }

        @Override
        public void onLeftOut(Place peer) {
            throw new IllegalStateException(peer + " does not list this end");
        }

        @Override
        public void onLinkDown(Place peer) {
            // Closing the first end takes the second one's link down.
        }

        @Override
        public void onFrame(Place peer, Frame frame) {
            if (--missing == 0) {
                arrived.countDown();
            }
        }

        @Override
        public void close() {
            links.close();
            server.close();
            mesh.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
