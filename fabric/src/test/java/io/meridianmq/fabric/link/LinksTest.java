package io.meridianmq.fabric.link;

import static io.meridianmq.fabric.link.TestComponent.awaitThat;
import static io.meridianmq.fabric.link.TestComponent.connect;
import static io.meridianmq.fabric.link.TestFrames.forward;
import static io.meridianmq.fabric.link.TestFrames.laneData;
import static io.meridianmq.fabric.link.TestFrames.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.meridianmq.core.link.Frame;
import io.meridianmq.core.place.MembershipView;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a link does while nothing goes wrong: one for each pair, frames in order, bounds, shares of bytes. */
@Timeout(120)
class LinksTest {

    /** Patient, so that a busy machine does not look like a dead neighbour. */
    static final LinkSettings PATIENT = new LinkSettings(
            Duration.ofMillis(20),
            Duration.ofSeconds(15),
            Duration.ofMillis(5),
            Duration.ofMillis(20),
            1 << 20,
            4 << 20,
            1 << 20);

    /** With heartbeats so rare that they hardly count, however slowly the rest goes. */
    private static final LinkSettings QUIET = new LinkSettings(
            Duration.ofSeconds(1),
            PATIENT.silenceMax(),
            PATIENT.backoffMin(),
            PATIENT.backoffMax(),
            PATIENT.forwardBytesMax(),
            PATIENT.queuedBytesMax(),
            PATIENT.frameBytesMax());

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
    }

    @Test
    void aPairThatSeesEachOtherHasExactlyOneLink() {
        var a = component("us/a/1", 10);
        var b = component("us/a/2", 20);
        connect(a, b);
        assertThat(a.events).containsExactly("up us/a/2 boot 20");
        assertThat(b.events).containsExactly("up us/a/1 boot 10");
        assertThat(a.figures(b).opened()).isEqualTo(1);
        assertThat(b.figures(a).opened()).isEqualTo(1);
        assertThat(a.links().refusals()).isEmpty();
        assertThat(b.links().refusals()).isEmpty();
    }

    @Test
    void framesArriveInOrderInBothDirections() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        connect(a, b);
        var there = many(2_000, n -> laneData(n, n % 700));
        var back = many(2_000, n -> laneData(10_000 + n, n % 500));
        assertThat(a.offerAll(b, there)).isEqualTo(there.size());
        assertThat(b.offerAll(a, back)).isEqualTo(back.size());
        awaitThat(() -> b.frames.size() == there.size() && a.frames.size() == back.size());
        assertThat(b.frames).isEqualTo(there);
        assertThat(a.frames).isEqualTo(back);
    }

    @Test
    void framesOfOneRunLeaveAsOneBatch() {
        var a = open(new TestComponent("us/a/1", 1, QUIET));
        var b = open(new TestComponent("us/a/2", 1, QUIET));
        connect(a, b);
        awaitThat(() -> a.figures(b).roundTripNanos() > 0);
        var before = a.figures(b);
        a.offerAll(b, many(100, n -> forward(n, 10)));
        awaitThat(() -> b.frames.size() == 100);
        var after = a.figures(b);
        assertThat(after.framesSent() - before.framesSent()).isEqualTo(100);
        // Heartbeats may have added a batch or two of their own.
        assertThat(after.batchesSent() - before.batchesSent()).isLessThan(20);
        assertThat(b.figures(a).framesReceived()).isEqualTo(100);
    }

    @Test
    void batchesBetweenRegionsAreCompressed() {
        var us = open(new TestComponent("us", 1, QUIET));
        var eu = open(new TestComponent("eu", 1, QUIET));
        var proxy = open(new StallingProxy(eu.port()));
        connect(us, eu, us.member(), eu.memberAt(proxy.port()));
        var there = many(400, n -> laneData(n, 2_000));
        var back = many(400, n -> laneData(10_000 + n, 2_000));
        assertThat(us.offerAll(eu, there)).isEqualTo(there.size());
        assertThat(eu.offerAll(us, back)).isEqualTo(back.size());
        awaitThat(() -> eu.frames.size() == there.size() && us.frames.size() == back.size());
        assertThat(eu.frames).isEqualTo(there);
        assertThat(us.frames).isEqualTo(back);
        assertThat(us.figures(eu).bytesSent()).isGreaterThan(800_000);
        assertThat(proxy.bytes()).isLessThan(200_000);
    }

    @Test
    void aSlowMeshThreadHoldsTheSenderBackAndNothingAcceptedIsLost() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        connect(a, b);
        var pause = new CountDownLatch(1);
        b.pauseUntil(pause);
        var accepted = new ArrayList<Frame>();
        while (accepted.size() < 100_000) {
            var next = forward(accepted.size(), 8_000);
            if (!a.offer(b, next)) {
                break;
            }
            accepted.add(next);
        }
        assertThat(a.figures(b).dropped()).containsEntry(DropReason.QUEUE_FULL, 1L);
        assertThat(a.figures(b).queuedBytes()).isLessThanOrEqualTo(PATIENT.forwardBytesMax());
        pause.countDown();
        awaitThat(() -> b.frames.size() == accepted.size());
        assertThat(b.frames).isEqualTo(accepted);
        assertThat(a.figures(b).queuedBytes()).isZero();
    }

    @Test
    void laneFramesPassWhereForwardsNoLongerDo() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        connect(a, b);
        var pause = new CountDownLatch(1);
        b.pauseUntil(pause);
        while (a.offer(b, forward(1, 8_000))) {}
        assertThat(a.offer(b, laneData(2, 8_000))).isTrue();
        pause.countDown();
        awaitThat(() -> b.frames.contains(laneData(2, 8_000)));
    }

    @Test
    void moreThanTheWindowsAllowResetsTheLink() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        connect(a, b);
        var pause = new CountDownLatch(1);
        b.pauseUntil(pause);
        while (a.offer(b, laneData(1, 8_000))) {}
        pause.countDown();
        awaitThat(() -> a.figures(b).closed().containsKey(DownCause.OVERFLOW));
        awaitThat(() -> a.isUp(b) && a.figures(b).opened() == 2);
        assertThat(a.events).containsExactly("up us/a/2 boot 1", "down us/a/2", "up us/a/2 boot 1");
    }

    @Test
    void aFrameLargerThanALinkCarriesIsDropped() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        connect(a, b);
        assertThat(a.offer(b, laneData(1, PATIENT.frameBytesMax()))).isFalse();
        assertThat(a.offer(b, laneData(2, PATIENT.frameBytesMax() - 200))).isTrue();
        awaitThat(() -> b.frames.size() == 1);
        assertThat(b.frames).containsExactly(laneData(2, PATIENT.frameBytesMax() - 200));
        assertThat(a.figures(b).dropped()).containsOnlyKeys(DropReason.TOO_LARGE);
    }

    @Test
    void framesForALinkThatIsDownAreRefusedAndCounted() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        a.sees(1, a.member(), b.member());
        assertThat(a.offer(b, forward(1, 10))).isFalse();
        assertThat(b.offer(a, forward(1, 10))).isFalse();
        assertThat(a.figures(b).dropped()).containsEntry(DropReason.DOWN, 1L);
        assertThat(b.links().strayFrames()).isEqualTo(1);
    }

    @Test
    void aLinkHoldsBytesExactlyAsLongAsItNeedsThem() {
        var codec = new CountingCodec();
        var a = open(new TestComponent("us/a/1", 1, PATIENT, codec));
        var b = open(new TestComponent("us/a/2", 1, PATIENT, codec));
        connect(a, b);
        var sent = new CountedBytes();
        assertThat(a.offerAll(b, many(10, n -> forward(n, sent)))).isEqualTo(10);
        awaitThat(() -> b.frames.size() == 10);
        awaitThat(() -> codec.received.stream().allMatch(bytes -> bytes.holders() == 0));
        assertThat(codec.received).hasSize(10);
        awaitThat(() -> sent.holders() == 1); // The sender lets go after the bytes have left.
        awaitThat(
                () -> codec.batches.stream().filter(batch -> batch.refCnt() > 0).count() == 0);
    }

    @Test
    void whatWaitsForASlowNeighbourDoesNotPinTheBuffersItCameIn() {
        var codec = new CountingCodec();
        var a = open(new TestComponent("us/a/1", 1, PATIENT, codec));
        var b = open(new TestComponent("us/a/2", 1, PATIENT, codec));
        connect(a, b);
        var sent = new CountedBytes();
        var pause = new CountDownLatch(1);
        b.pauseUntil(pause);
        var accepted = 0;
        while (a.offer(b, forward(1, sent))) {
            accepted++;
        }
        assertThat(a.figures(b).queuedBytes()).isGreaterThan(PATIENT.forwardBytesMax() / 2);
        awaitThat(() -> sent.holders() == 1);
        pause.countDown();
        var expected = accepted;
        awaitThat(() -> b.frames.size() == expected);
    }

    @Test
    void batchesThatArriveWhileTheLinkClosesAreReleased() {
        var codec = new CountingCodec();
        var a = open(new TestComponent("us/a/1", 1, PATIENT, codec));
        var b = open(new TestComponent("us/a/2", 1, PATIENT, codec));
        connect(a, b);
        var pause = new CountDownLatch(1);
        b.pauseUntil(pause);
        while (a.offer(b, forward(1, 10))) {}
        awaitThat(() -> codec.batches.stream().anyMatch(batch -> batch.refCnt() > 0));
        a.sees(2, a.member());
        pause.countDown();
        awaitThat(() -> !a.isUp(b) && !b.isUp(a));
        awaitThat(() -> codec.batches.stream().allMatch(batch -> batch.refCnt() == 0));
    }

    @Test
    void nothingIsKeptOfWhatALinkWasOffered() {
        var codec = new CountingCodec();
        var us = open(new TestComponent("us", 1, PATIENT, codec));
        var eu = open(new TestComponent("eu", 1, PATIENT, codec));
        connect(us, eu);
        var sent = new CountedBytes();
        us.onMesh(() -> {
            assertThat(us.links().offer(eu.place, forward(1, sent))).isTrue();
            assertThat(sent.holders()).isEqualTo(1);
            us.links().onView(MembershipView.EMPTY);
            assertThat(sent.holders()).isEqualTo(1);
            return true;
        });
    }

    @Test
    void aFrameWhoseHandlingFailsResetsTheLink() {
        var a = component("us/a/1", 1);
        var b = component("us/a/2", 1);
        connect(a, b);
        b.handleWith(frame -> {
            throw new IllegalStateException("meant to fail, by the test");
        });
        a.offer(b, laneData(1, 10));
        awaitThat(() -> b.figures(a).closed().containsKey(DownCause.FAILED));
        b.handleWith(b.frames::add);
        awaitThat(() -> a.isUp(b) && b.isUp(a));
        awaitThat(() -> a.offer(b, laneData(2, 10)));
        awaitThat(() -> b.frames.contains(laneData(2, 10)));
    }

    private TestComponent component(String place, long boot) {
        return open(new TestComponent(place, boot, PATIENT));
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    /** Gives every arriving publication counted bytes, and knows every batch it arrived in. */
    private static final class CountingCodec implements PublicationCodec {

        private static final int CANONICAL_BYTES = 8_000;

        private final List<CountedBytes> received = new CopyOnWriteArrayList<>();
        private final List<ByteBuf> batches = new CopyOnWriteArrayList<>();

        @Override
        public int canonicalSize(Publication publication) {
            return CANONICAL_BYTES;
        }

        @Override
        public void writeCanonical(Publication publication, ByteBuf out) {
            out.writeZero(CANONICAL_BYTES);
        }

        @Override
        public ByteBuf batch(int sizeBytes) {
            var batch = Unpooled.directBuffer(sizeBytes);
            batches.add(batch);
            return batch;
        }

        @Override
        public PublicationBytes fromCanonical(ByteBuf canonical) {
            assertThat(canonical.readableBytes()).isEqualTo(CANONICAL_BYTES);
            var bytes = new CountedBytes();
            received.add(bytes);
            return bytes;
        }
    }
}
