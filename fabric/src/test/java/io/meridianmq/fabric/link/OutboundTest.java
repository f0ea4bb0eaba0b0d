package io.meridianmq.fabric.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.meridianmq.core.link.BatchProfile;
import io.meridianmq.fabric.link.Outbound.Outcome;
import io.meridianmq.fabric.tls.Identity;
import io.meridianmq.proto.link.v1.LinkBatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboundTest {

    private static final BatchProfile SMALL = new BatchProfile(0, 200, false);
    private static final int PAYLOAD_BYTES = 60;

    private final EmbeddedChannel mesh = new EmbeddedChannel();
    private final LinkCounters counters = new LinkCounters();

    @AfterEach
    void close() {
        mesh.finishAndReleaseAll();
    }

    @Test
    void transportThatIsReadyBetweenTwoLooksDoesNotLetABatchOvertake() {
        var looks = new ArrayList<>(List.of(false, false, false, false, true));
        var stream = new Scripted(() -> looks.isEmpty() || looks.removeFirst());
        var outbound = outbound(stream);
        for (var number = 1; number <= 6; number++) {
            outbound.offer(TestFrames.laneData(number, SMALL.bytesMax()), 0);
        }
        outbound.flush();
        assertThat(stream.numbers).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void framesLeaveInTheirOrderWhateverTheTransportSays() {
        var seed = Long.getLong("meridian.seed", 20_261_123L);
        var random = new Random(seed);
        for (var round = 0; round < 200; round++) {
            var readiness = random.nextDouble();
            var stream = new Scripted(() -> random.nextDouble() < readiness);
            var outbound = outbound(stream);
            var count = 1 + random.nextInt(60);
            for (var number = 1; number <= count; number++) {
                assertThat(outbound.offer(TestFrames.laneData(number, random.nextInt(2 * PAYLOAD_BYTES)), 0))
                        .isEqualTo(Outcome.ACCEPTED);
                if (random.nextInt(3) == 0) {
                    mesh.runPendingTasks();
                }
                if (random.nextInt(10) == 0) {
                    outbound.ask(number);
                }
            }
            stream.readiness = () -> true;
            outbound.flush();
            assertThat(stream.numbers)
                    .as("seed %d, round %d", seed, round)
                    .hasSize(count)
                    .isSorted();
            assertThat(counters.queuedBytes).isZero();
        }
    }

    @Test
    void heartbeatDoesNotWaitBehindFrames() {
        var stream = new Scripted(() -> false);
        var outbound = outbound(stream);
        outbound.offer(TestFrames.laneData(1, SMALL.bytesMax()), 0);
        outbound.ask(7);
        assertThat(stream.batches).isEmpty();
        stream.readiness = () -> true;
        outbound.flush();
        assertThat(stream.batches.getFirst().getFrames(0).getHeartbeat().getStamp())
                .isEqualTo(7);
        assertThat(stream.numbers).containsExactly(1L);
    }

    private Outbound outbound(LinkStream stream) {
        return new Outbound(
                stream,
                SMALL,
                LinkSettings.DEFAULTS,
                new FrameEncoder(OpaqueBytes.CODEC, new PlaceTexts()),
                mesh.eventLoop(),
                counters);
    }

    /** Notes what is sent, and is ready when it is told so. */
    private static final class Scripted implements LinkStream {
        final List<LinkBatch> batches = new ArrayList<>();
        final List<Long> numbers = new ArrayList<>();
        BooleanSupplier readiness;

        Scripted(BooleanSupplier readiness) {
            this.readiness = readiness;
        }

        @Override
        public StreamInbox inbox() {
            throw new AssertionError("nothing is received");
        }

        @Override
        public Optional<Identity> identity() {
            return Optional.empty();
        }

        @Override
        public boolean isReady() {
            return readiness.getAsBoolean();
        }

        @Override
        public void send(ByteBuf batch) {
            try {
                var sent = LinkBatch.parseFrom(ByteBufUtil.getBytes(batch));
                batches.add(sent);
                sent.getFramesList().stream()
                        .filter(frame -> frame.hasLaneData())
                        .forEach(frame -> numbers.add(frame.getLaneData().getNumber()));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void handled() {}

        @Override
        public void close(Status status) {}
    }
}
