package io.meridianmq.fabric.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationBytes;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.proto.link.v1.CanonicalPublication;
import io.meridianmq.proto.link.v1.FilterSet;
import io.meridianmq.proto.link.v1.ForwardFrame;
import io.meridianmq.proto.link.v1.InterestDeltaFrame;
import io.meridianmq.proto.link.v1.InterestHolder;
import io.meridianmq.proto.link.v1.LinkFrame;
import io.meridianmq.proto.link.v1.ResponseFrame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FrameMappingTest {

    private static final long WALL_MILLIS = 1_700_000_000_000L;
    private static final int ROUNDS = 200;

    private final PlaceTexts places = new PlaceTexts();
    private final FrameEncoder encoder = new FrameEncoder(OpaqueBytes.CODEC, places);
    private final FrameDecoder decoder = new FrameDecoder(OpaqueBytes.CODEC, places);
    private final long seed = Long.getLong("meridian.seed", 20_261_121L);
    private final RandomFrames frames = new RandomFrames(new Random(seed), WALL_MILLIS);

    @Test
    void everyKindOfFrameArrivesAsItWasSent() {
        assertThat(frames.kinds().keySet()).containsExactlyInAnyOrderElementsOf(leaves(Frame.class));
        frames.kinds().values().forEach(maker -> {
            for (int round = 0; round < ROUNDS; round++) {
                assertArrives(maker.get());
            }
        });
    }

    @Test
    void whatIsWrittenFieldByFieldIsWhatTheProtocolSays() throws InvalidProtocolBufferException {
        for (int round = 0; round < ROUNDS; round++) {
            for (Frame frame : List.of(frames.forward(), frames.laneData())) {
                var read = LinkFrame.parseFrom(bytes(frame, WALL_MILLIS));
                assertThat(read.getUnknownFields().asMap()).as(seedText()).isEmpty();
                // Written again by the generated classes: lengths in their shortest form, no field that has its
                // default.
                assertThat(decode(read, WALL_MILLIS)).as(seedText()).isEqualTo(frame);
            }
        }
    }

    @Test
    void fieldsOfALaterVersionAreIgnored() throws InvalidProtocolBufferException {
        var later = UnknownFieldSet.newBuilder()
                .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(-1).build())
                .addField(901, UnknownFieldSet.Field.newBuilder().addFixed64(1).build())
                .addField(902, UnknownFieldSet.Field.newBuilder().addFixed32(1).build())
                .addField(
                        903,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("more"))
                                .build())
                .build();
        for (Frame frame : List.of(frames.forward(), frames.laneData())) {
            var extended = LinkFrame.parseFrom(bytes(frame, WALL_MILLIS)).toBuilder();
            extended.setUnknownFields(later);
            if (extended.hasForward()) {
                extended.getForwardBuilder().setUnknownFields(later);
                extended.getForwardBuilder().getPublicationBuilder().setUnknownFields(later);
            } else {
                extended.getLaneDataBuilder().setUnknownFields(later);
                extended.getLaneDataBuilder().getLaneBuilder().setUnknownFields(later);
            }
            assertThat(decode(extended.build(), WALL_MILLIS)).as(seedText()).isEqualTo(frame);
        }
    }

    @Test
    void damagedFramesAreRefusedOrReadAndHoldNoBytes() {
        var random = new Random(seed);
        var counting = new CountedCodec();
        var damagedDecoder = new FrameDecoder(counting, places);
        var refused = 0;
        for (int round = 0; round < 20_000; round++) {
            var damaged = bytes(random.nextBoolean() ? frames.forward() : frames.laneData(), WALL_MILLIS);
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            var length = random.nextInt(4) == 0 ? random.nextInt(damaged.length) : damaged.length;
            try {
                Shares.release(damagedDecoder.decode(reader(damaged, length), WALL_MILLIS));
            } catch (IllegalArgumentException e) {
                refused++;
            }
            assertThat(counting.held()).as(seedText()).isZero();
        }
        assertThat(refused).isBetween(1_000, 19_000);
    }

    @Test
    void everyKindOfQuestionArrivesAsItWasSent() {
        assertThat(frames.questions().keySet()).containsExactlyInAnyOrderElementsOf(leaves(Question.class));
        frames.questions().values().forEach(maker -> assertArrives(frames.request(maker)));
    }

    @Test
    void everyKindOfMessageAboutSlotsArrivesAsItWasSent() {
        assertThat(frames.slotMessages().keySet()).containsExactlyInAnyOrderElementsOf(leaves(SlotMessage.class));
        frames.slotMessages().values().forEach(maker -> assertArrives(frames.between(maker)));
    }

    @Test
    void everyKindOfAnswerArrivesAsItWasSent() {
        assertThat(frames.answers().keySet()).containsExactlyInAnyOrderElementsOf(leaves(Answer.class));
        frames.answers().values().forEach(maker -> assertArrives(frames.response(maker)));
    }

    @Test
    void remainingExpiryIsCountedOnTheReceiversClock() {
        var sent = forward(WALL_MILLIS + 5_000);
        var received = (Frame.Forward) decoder.decode(reader(bytes(sent, WALL_MILLIS + 1_000)), 77_000);
        assertThat(received.publication().expiresAtMillis()).isEqualTo(77_000 + 4_000);
    }

    @Test
    void anExpiredPublicationArrivesExpired() {
        var sent = forward(WALL_MILLIS);
        var received = (Frame.Forward) decoder.decode(reader(bytes(sent, WALL_MILLIS + 1_000)), 77_000);
        assertThat(received.publication().isExpired(77_000)).isTrue();
    }

    @Test
    void refusesWhatNoCorrectSenderSends() throws InvalidProtocolBufferException {
        var good = LinkFrame.parseFrom(bytes(forward(Publication.NEVER), WALL_MILLIS))
                .getForward();
        assertRefused(forward(good.toBuilder().setSource("Not A Place")), "name \"Not A Place\" is not valid");
        assertRefused(forward(good.toBuilder().addTargets("a/b/c/d")), "is not a place");
        assertRefused(
                forward(good.toBuilder()
                        .setPublication(good.getPublication().toBuilder().setQos(3))),
                "QoS must be 0, 1 or 2");
        assertRefused(
                forward(good.toBuilder()
                        .setPublication(good.getPublication().toBuilder().setRemainingExpiryMillis(-1))),
                "-1 ms until it expires");
        assertRefused(
                LinkFrame.newBuilder()
                        .setInterestDelta(InterestDeltaFrame.newBuilder()
                                .setHolder(InterestHolder.newBuilder().setPlace("us/a/1"))
                                .setAdded(FilterSet.newBuilder()
                                        .addWildcards(
                                                FilterSet.Wildcard.newBuilder().setFilter("a/#")))),
                "no reach");
        assertRefused(
                LinkFrame.newBuilder()
                        .setResponse(
                                ResponseFrame.newBuilder().setAnswerer("us").setDestination("us/a")),
                "no answer");
        assertRefused(LinkFrame.newBuilder(), "not a frame for the mesh");
    }

    @Test
    void anUnreadableListOfPublicationsHoldsNoBytes() {
        var codec = new CountedCodec();
        var counting = new FrameDecoder(codec, places);
        var good = CanonicalPublication.newBuilder().setTopic("a").build();
        var found = ResponseFrame.RetainedFound.newBuilder()
                .addPublications(good)
                .addPublications(good)
                .addPublications(good.toBuilder().setQos(3));
        var response = LinkFrame.newBuilder()
                .setResponse(ResponseFrame.newBuilder()
                        .setAnswerer("us")
                        .setDestination("us/a")
                        .setRetainedFound(found))
                .build();
        assertThatThrownBy(() -> counting.decode(reader(response.toByteArray()), WALL_MILLIS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(codec.received).hasSize(2);
        assertThat(codec.held()).isZero();
    }

    private void assertArrives(Frame frame) {
        var arrived = decoder.decode(reader(bytes(frame, WALL_MILLIS)), WALL_MILLIS);
        if (frame instanceof Frame.DigestPart) {
            // Chunks hold arrays and do not compare by content.
            assertThat(arrived).as(seedText()).usingRecursiveComparison().isEqualTo(frame);
        } else {
            assertThat(arrived).as(seedText()).isEqualTo(frame);
        }
    }

    /** The frame as a {@code LinkFrame}, without the tag and the length that it has in a batch. */
    private byte[] bytes(Frame frame, long wallMillis) {
        var batch = Unpooled.buffer();
        encoder.append(batch, frame, wallMillis);
        var fields = new ProtoReader(batch);
        fields.tag();
        var encoded = fields.bytes();
        assertThat(fields.hasMore()).isFalse();
        return ByteBufUtil.getBytes(encoded);
    }

    private static ProtoReader reader(byte[] frame) {
        return reader(frame, frame.length);
    }

    private static ProtoReader reader(byte[] frame, int length) {
        return new ProtoReader(Unpooled.wrappedBuffer(frame, 0, length));
    }

    private Frame decode(LinkFrame encoded, long wallMillis) {
        return decoder.decode(reader(encoded.toByteArray()), wallMillis);
    }

    private String seedText() {
        return "meridian.seed=" + seed;
    }

    private void assertRefused(LinkFrame.Builder encoded, String reasonPart) {
        assertThatThrownBy(() -> decode(encoded.build(), WALL_MILLIS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reasonPart);
    }

    private static LinkFrame.Builder forward(ForwardFrame.Builder forward) {
        return LinkFrame.newBuilder().setForward(forward);
    }

    private static Frame.Forward forward(long expiresAtMillis) {
        var publication = new Publication(
                new PublicationId(1, 2, 3),
                4,
                5,
                "a/b",
                Qos.AT_MOST_ONCE,
                false,
                expiresAtMillis,
                new OpaqueBytes(ByteString.copyFromUtf8("\0payload")));
        return new Frame.Forward(Place.node("us", "a", "1"), publication, List.of(Place.zone("us", "b")), List.of(), 1);
    }

    /** The records of a sealed family. */
    private static <T> List<Class<? extends T>> leaves(Class<T> family) {
        return permitted(family)
                .<Class<? extends T>>map(leaf -> leaf.asSubclass(family))
                .toList();
    }

    private static Stream<Class<?>> permitted(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(FrameMappingTest::permitted)
                : Stream.of(type);
    }

    /** Counts who holds the bytes of what arrived. */
    private static final class CountedCodec implements PublicationCodec {

        private final List<CountedBytes> received = new ArrayList<>();

        int held() {
            var held = received.stream().mapToInt(CountedBytes::holders).sum();
            if (held == 0 && received.size() > 100) {
                received.clear();
            }
            return held;
        }

        @Override
        public int canonicalSize(Publication publication) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public void writeCanonical(Publication publication, ByteBuf out) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public ByteBuf batch(int sizeBytes) {
            return Unpooled.buffer(sizeBytes);
        }

        @Override
        public PublicationBytes fromCanonical(ByteBuf canonical) {
            var bytes = new CountedBytes();
            received.add(bytes);
            return bytes;
        }
    }
}
