package io.meridianmq.broker.codec;

import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_3_1_1;
import static io.meridianmq.broker.packet.ProtocolVersion.MQTT_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meridianmq.broker.packet.BinaryData;
import io.meridianmq.broker.packet.ProtocolVersion;
import io.meridianmq.broker.packet.PublishMessage;
import io.meridianmq.broker.packet.PublishPacket;
import io.meridianmq.broker.packet.PublishProperties;
import io.meridianmq.broker.packet.ReasonCode;
import io.meridianmq.broker.packet.UserProperty;
import io.meridianmq.core.publication.Qos;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublishFrameTest {

    private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;
    private static final int HEADER = 3; // what Bytes.buffer puts in front

    private final OutgoingPublish how = new OutgoingPublish();
    private ByteBuf received = released();

    private static ByteBuf released() {
        var buffer = Unpooled.buffer();
        buffer.release();
        return buffer;
    }

    private PublishFrame receive(ProtocolVersion version, String bytes) {
        received = Bytes.buffer(bytes);
        var packet = (PublishPacket) Decoders.decode(Decoders.client(version), received);
        received.release(); // as a connection does that goes on reading into another buffer
        return PublishFrame.of(packet);
    }

    @AfterEach
    void nothingIsKept() {
        assertThat(received.refCnt()).as("references to the received buffer").isZero();
    }

    private String delivered(PublishFrame frame) {
        if (frame.isWhole(how)) {
            var whole = frame.whole();
            var hex = Bytes.hex(whole);
            whole.release();
            return hex;
        }
        var head = frame.head(how, ALLOCATOR);
        var tail = frame.tail(how.version());
        assertThat(head.readableBytes() + tail.readableBytes()).isEqualTo(frame.packetSize(how));
        var hex = Bytes.hex(head) + Bytes.hex(tail);
        head.release();
        tail.release();
        return hex;
    }

    private static String hex(String bytes) {
        return Bytes.hex(Unpooled.wrappedBuffer(Bytes.parse(bytes)));
    }

    @Test
    void passesAnUnchangedFrameOnInTheMemoryItArrivedIn() {
        var frame = receive(MQTT_3_1_1, "30 08 00 03 'a/b' 'xyz'");
        how.start(MQTT_3_1, Qos.AT_MOST_ONCE, 0);
        assertThat(frame.isWhole(how)).isTrue();
        var whole = frame.whole();
        assertThat(whole.memoryAddress()).isEqualTo(received.memoryAddress() + HEADER);
        assertThat(whole.readableBytes()).isEqualTo(10);
        whole.release();
        frame.release();
    }

    @Test
    void givesTheFrameItselfToTheFirstSubscriberThatGetsItWithAnotherIdentifierAlone() {
        var frame = receive(MQTT_5, "32 12 00 03 'a/b' 00 09 07 26 00 01 'k' 00 01 'v' 'xyz'");
        how.start(MQTT_5, Qos.AT_LEAST_ONCE, 0x1234);
        assertThat(frame.claim(how)).isTrue();
        var first = frame.claimed();
        assertThat(first.memoryAddress()).isEqualTo(received.memoryAddress() + HEADER);
        assertThat(Bytes.hex(first)).isEqualTo(hex("32 12 00 03 'a/b' 12 34 07 26 00 01 'k' 00 01 'v' 'xyz'"));
        how.start(MQTT_5, Qos.AT_LEAST_ONCE, 0x5678);
        assertThat(frame.claim(how)).isFalse();
        assertThat(delivered(frame)).isEqualTo(hex("32 12 00 03 'a/b' 56 78 07 26 00 01 'k' 00 01 'v' 'xyz'"));
        assertThat(Bytes.hex(first)).contains("1234");
        first.skipBytes(4); // as a channel does that has sent a part
        assertThat(delivered(frame)).isEqualTo(hex("32 12 00 03 'a/b' 56 78 07 26 00 01 'k' 00 01 'v' 'xyz'"));
        first.release();
        frame.release();
    }

    @Test
    void keepsAFrameThatIsNotToBeWrittenTo() {
        received = Bytes.buffer("32 0B 00 03 'a/b' 00 09 00 'xyz'").asReadOnly();
        var frame = PublishFrame.of((PublishPacket) Decoders.decode(Decoders.client(MQTT_5), received));
        received.release();
        how.start(MQTT_5, Qos.AT_LEAST_ONCE, 1);
        assertThat(frame.claim(how)).isFalse();
        assertThat(delivered(frame)).isEqualTo(hex("32 0B 00 03 'a/b' 00 01 00 'xyz'"));
        frame.release();
    }

    @Test
    void keepsTheFrameOfADeliveryThatDiffersInMore() {
        var frame = receive(MQTT_5, "32 0B 00 03 'a/b' 00 09 00 'xyz'");
        for (var other : List.of(
                new OutgoingPublish().start(MQTT_3_1_1, Qos.AT_LEAST_ONCE, 1),
                new OutgoingPublish().start(MQTT_5, Qos.EXACTLY_ONCE, 1),
                new OutgoingPublish().start(MQTT_5, Qos.AT_MOST_ONCE, 0),
                new OutgoingPublish().start(MQTT_5, Qos.AT_LEAST_ONCE, 1).retain(true),
                new OutgoingPublish().start(MQTT_5, Qos.AT_LEAST_ONCE, 1).duplicate(),
                new OutgoingPublish().start(MQTT_5, Qos.AT_LEAST_ONCE, 1).expirySeconds(1),
                new OutgoingPublish().start(MQTT_5, Qos.AT_LEAST_ONCE, 1).topicAlias(1, true),
                new OutgoingPublish().start(MQTT_5, Qos.AT_LEAST_ONCE, 1).subscriptionIdentifiers(new int[] {1}, 1))) {
            assertThat(frame.claim(other)).isFalse();
        }
        assertThat(frame.claim(how.start(MQTT_5, Qos.AT_LEAST_ONCE, 1))).isTrue();
        frame.release();
    }

    @Test
    void sharesThePayloadWhateverTheHead() {
        var frame = receive(MQTT_5, "30 10 00 03 'a/b' 07 26 00 01 'k' 00 01 'v' 'xyz'");
        var to5 = frame.tail(MQTT_5);
        assertThat(to5.memoryAddress()).isEqualTo(received.memoryAddress() + HEADER + 8);
        assertThat(to5.readableBytes()).isEqualTo(10);
        var toOlder = frame.tail(MQTT_3_1_1);
        assertThat(toOlder.memoryAddress()).isEqualTo(received.memoryAddress() + HEADER + 15);
        assertThat(toOlder.readableBytes()).isEqualTo(3);
        to5.release();
        toOlder.release();
        frame.release();
    }

    @Test
    void translatesBetweenVersions() {
        var of5 = receive(MQTT_5, "30 10 00 03 'a/b' 07 26 00 01 'k' 00 01 'v' 'xyz'");
        how.start(MQTT_3_1_1, Qos.AT_MOST_ONCE, 0);
        assertThat(of5.isWhole(how)).isFalse();
        assertThat(delivered(of5)).isEqualTo(hex("30 08 00 03 'a/b' 'xyz'"));
        of5.release();
        var older = receive(MQTT_3_1_1, "30 08 00 03 'a/b' 'xyz'");
        how.start(MQTT_5, Qos.AT_MOST_ONCE, 0);
        assertThat(delivered(older)).isEqualTo(hex("30 09 00 03 'a/b' 00 'xyz'"));
        older.release();
    }

    @Test
    void makesThePlainHeadOfAVersionOnce() {
        var frame = receive(MQTT_5, "32 0B 00 03 'a/b' 00 09 00 'xyz'");
        for (var version : ProtocolVersion.values()) {
            how.start(version, Qos.AT_MOST_ONCE, 0);
            var first = frame.head(how, ALLOCATOR);
            var second = frame.head(how, ALLOCATOR);
            assertThat(second.memoryAddress()).isEqualTo(first.memoryAddress());
            first.release();
            assertThat(Bytes.hex(second)).isNotEmpty();
            second.release();
        }
        var head = frame.head(how, ALLOCATOR);
        frame.release();
        assertThat(head.refCnt())
                .as("a head outlives the frame while it is being written")
                .isOne();
        head.release();
    }

    @Test
    void writesWhatTheSubscriberIsToGet() {
        var frame = receive(MQTT_5, "31 10 00 03 'a/b' 07 26 00 01 'k' 00 01 'v' 'xyz'");
        how.start(MQTT_5, Qos.EXACTLY_ONCE, 0x1234)
                .duplicate()
                .retain(true)
                .expirySeconds(60)
                .topicAlias(7, false)
                .subscriptionIdentifiers(new int[] {1, 128, 99}, 2);
        assertThat(delivered(frame))
                .isEqualTo(hex("3D 1F 00 03 'a/b' 12 34 14 02 00 00 00 3C 23 00 07 0B 01 0B 80 01"
                        + " 26 00 01 'k' 00 01 'v' 'xyz'"));
        how.start(MQTT_5, Qos.AT_MOST_ONCE, 0).topicAlias(7, true);
        assertThat(delivered(frame)).isEqualTo(hex("30 10 00 00 0A 23 00 07 26 00 01 'k' 00 01 'v' 'xyz'"));
        how.start(MQTT_3_1_1, Qos.AT_LEAST_ONCE, 1).expirySeconds(60);
        assertThat(delivered(frame)).isEqualTo(hex("32 0A 00 03 'a/b' 00 01 'xyz'"));
        frame.release();
    }

    /** [MQTT-3.3.2-7] [MQTT-3.3.2-18] */
    @Test
    void neverPassesOnTheAliasOrTheExpiryOfThePublisher() {
        received = Bytes.buffer("30 15 00 00 11 26 00 01 'k' 00 01 'v' 23 00 05 02 00 00 00 09 01 01 'x'");
        var packet = (PublishPacket) Decoders.decode(Decoders.client(MQTT_5), received);
        received.release();
        var frame = PublishFrame.of(packet.withTopic("a/ä"));
        how.start(MQTT_5, Qos.AT_MOST_ONCE, 0);
        assertThat(frame.isWhole(how)).isFalse();
        assertThat(delivered(frame)).isEqualTo(hex("30 11 00 04 'a/ä' 09 26 00 01 'k' 00 01 'v' 01 01 'x'"));
        how.start(MQTT_3_1_1, Qos.AT_MOST_ONCE, 0);
        assertThat(delivered(frame)).isEqualTo(hex("30 07 00 04 'a/ä' 'x'"));
        assertThat(frame.sizeBytes()).isEqualTo(10);
        frame.release();
    }

    @Test
    void hasNoTailForAMessageWithoutPayload() {
        var frame = receive(MQTT_3_1_1, "33 05 00 01 'a' 00 01");
        how.start(MQTT_5, Qos.AT_LEAST_ONCE, 2).retain(true);
        assertThat(delivered(frame)).isEqualTo(hex("33 06 00 01 'a' 00 02 00"));
        frame.release();
    }

    @Test
    void writesAndReadsTheCanonicalForm() {
        var frame = receive(MQTT_3_1_1, "3B 0A 00 03 'a/b' 00 09 'xyz'");
        var canonical = ALLOCATOR.buffer();
        frame.writeCanonical(canonical);
        assertThat(canonical.readableBytes()).isEqualTo(frame.canonicalSize());
        assertThat(Bytes.hex(canonical)).isEqualTo(hex("30 09 00 03 'a/b' 00 'xyz'"));
        frame.release();

        var elsewhere = PublishFrame.ofCanonical(canonical, new TopicCache());
        assertThat(elsewhere.topic()).isEqualTo("a/b");
        how.start(MQTT_5, Qos.AT_MOST_ONCE, 0);
        assertThat(elsewhere.isWhole(how)).isTrue();
        how.start(MQTT_3_1_1, Qos.AT_LEAST_ONCE, 4);
        assertThat(delivered(elsewhere)).isEqualTo(hex("32 0A 00 03 'a/b' 00 04 'xyz'"));
        canonical.release();
        assertThat(canonical.refCnt()).as("held by the frame").isOne();
        elsewhere.release();
        assertThat(canonical.refCnt()).isZero();
    }

    @Test
    void refusesWhatIsNotCanonical() {
        for (var bytes : new String[] {
            "32 0B 00 03 'a/b' 00 09 00 'xyz'",
            "30 0A 00 03 'a/b' 00 'xyz'",
            "30",
            "30 0E 00 03 'a/b' 05 02 00 00 00 09 'xyz'",
            "30 0C 00 03 'a/b' 03 23 00 01 'xyz'",
            "30 81 00 00"
        }) {
            var in = Bytes.buffer(bytes);
            var refusal =
                    catchThrowableOfType(ProtocolException.class, () -> PublishFrame.ofCanonical(in, new TopicCache()));
            assertThat(refusal).as(bytes).isNotNull();
            assertThat(refusal.reasonCode()).as(bytes).isEqualTo(ReasonCode.MALFORMED_PACKET);
            assertThat(in.refCnt()).as(bytes).isOne();
            in.release();
        }
    }

    @Test
    void givesTheReceivedBufferBackWhenDetached() {
        var frame = receive(MQTT_5, "30 10 00 03 'a/b' 07 26 00 01 'k' 00 01 'v' 'xyz'");
        var waiting = frame.detached(ALLOCATOR);
        var alsoWaiting = frame.detached(ALLOCATOR);
        assertThat(alsoWaiting).as("one copy for all who wait").isSameAs(waiting);
        frame.release();
        assertThat(received.refCnt()).isZero();
        how.start(MQTT_5, Qos.AT_MOST_ONCE, 0);
        assertThat(delivered(waiting)).isEqualTo(hex("30 10 00 03 'a/b' 07 26 00 01 'k' 00 01 'v' 'xyz'"));
        var again = waiting.detached(ALLOCATOR);
        assertThat(again).isSameAs(waiting);
        again.release();
        alsoWaiting.release();
        var whole = waiting.whole();
        waiting.release();
        assertThat(whole.refCnt()).isOne();
        whole.release();
        assertThat(whole.refCnt()).isZero();
    }

    @Test
    void noticesOneReleaseTooMany() {
        var frame = receive(MQTT_3_1_1, "30 03 00 01 'a'");
        frame.share();
        frame.release();
        frame.release();
        assertThatThrownBy(frame::release).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(frame::share).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void writesAMessageThatIsMadeHereWithoutWhatBelongsToOneHop() {
        var properties = new PublishProperties(
                1, 60, 5, "", Optional.empty(), List.of(new UserProperty("k", "v")), List.of(9), Optional.empty());
        var message =
                new PublishMessage("a/b", BinaryData.of("xyz".getBytes(UTF_8)), Qos.EXACTLY_ONCE, true, properties);
        var frame = PublishFrame.of(message, ALLOCATOR);
        var waiting = frame.detached(ALLOCATOR);
        assertThat(waiting).as("is in a buffer of its own already").isSameAs(frame);
        waiting.release();
        how.start(MQTT_5, Qos.AT_MOST_ONCE, 0);
        assertThat(delivered(frame)).isEqualTo(hex("30 12 00 03 'a/b' 09 01 01 26 00 01 'k' 00 01 'v' 'xyz'"));
        var payload = frame.payload();
        assertThat(payload.toString(UTF_8)).isEqualTo("xyz");
        frame.release();
        payload.release();
        assertThat(payload.refCnt()).isZero();
    }

    /** The race: who makes the plain heads and the detached copy first, and who releases last. */
    @Test
    void keepsCountWhenLoopsShareAFrame() throws Exception {
        var loops = 4;
        try (var executor = Executors.newFixedThreadPool(loops)) {
            for (var round = 0; round < 200; round++) {
                var frame = receive(MQTT_5, "32 0B 00 03 'a/b' 00 09 00 'xyz'");
                var start = new CyclicBarrier(loops);
                var results = new ArrayList<Future<ByteBuf>>();
                for (var loop = 0; loop < loops; loop++) {
                    frame.share();
                    results.add(executor.submit(() -> deliverAtOnce(frame, start)));
                }
                frame.release();
                for (var result : results) {
                    assertThat(result.get().refCnt())
                            .as("the copy, round %d", round)
                            .isZero();
                }
                assertThat(received.refCnt()).as("round %d", round).isZero();
            }
        }
    }

    private static ByteBuf deliverAtOnce(PublishFrame frame, CyclicBarrier start) throws Exception {
        var mine = new OutgoingPublish();
        start.await();
        for (var version : ProtocolVersion.values()) {
            mine.start(version, Qos.AT_MOST_ONCE, 0);
            frame.head(mine, ALLOCATOR).release();
            frame.tail(version).release();
        }
        var waiting = frame.detached(ALLOCATOR);
        frame.release();
        var tail = waiting.tail(MQTT_5);
        waiting.release();
        tail.release();
        start.await(); // All have released.
        return tail;
    }
}
