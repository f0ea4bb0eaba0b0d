package io.meridianmq.fabric.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
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
    void bytesOfTheirOwnChangeNothingElse() {
        frames.kinds().values().forEach(maker -> {
            var encoded = encoder.encode(maker.get(), WALL_MILLIS);
            assertThat(OwnBytes.of(encoded)).as(seedText()).isEqualTo(encoded);
        });
        var shared = encoder.encode(frames.forward(), WALL_MILLIS).getForward().getPublication();
        var owned = OwnBytes.of(LinkFrame.newBuilder()
                        .setForward(ForwardFrame.newBuilder().setPublication(shared))
                        .build())
                .getForward()
                .getPublication();
        assertThat(owned.getPublishPacket()).isNotSameAs(shared.getPublishPacket());
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
        var received = (Frame.Forward) decoder.decode(encoder.encode(sent, WALL_MILLIS + 1_000), 77_000);
        assertThat(received.publication().expiresAtMillis()).isEqualTo(77_000 + 4_000);
    }

    @Test
    void anExpiredPublicationArrivesExpired() {
        var sent = forward(WALL_MILLIS);
        var received = (Frame.Forward) decoder.decode(encoder.encode(sent, WALL_MILLIS + 1_000), 77_000);
        assertThat(received.publication().isExpired(77_000)).isTrue();
    }

    @Test
    void refusesWhatNoCorrectSenderSends() {
        var good = encoder.encode(forward(Publication.NEVER), WALL_MILLIS).getForward();
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
        var held = new ArrayList<CountedBytes>();
        var counting = new FrameDecoder(
                new PublicationCodec() {
                    @Override
                    public ByteString toCanonical(Publication publication) {
                        throw new AssertionError("nothing is sent");
                    }

                    @Override
                    public PublicationBytes fromCanonical(ByteString canonical) {
                        var bytes = new CountedBytes();
                        held.add(bytes);
                        return bytes;
                    }
                },
                places);
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
        assertThatThrownBy(() -> counting.decode(response, WALL_MILLIS)).isInstanceOf(IllegalArgumentException.class);
        assertThat(held)
                .hasSize(2)
                .allSatisfy(bytes -> assertThat(bytes.holders()).isZero());
    }

    private void assertArrives(Frame frame) {
        var encoded = encoder.encode(frame, WALL_MILLIS);
        try {
            var read = LinkFrame.parseFrom(encoded.toByteString());
            var arrived = decoder.decode(read, WALL_MILLIS);
            if (frame instanceof Frame.DigestPart) {
                // Chunks hold arrays and do not compare by content.
                assertThat(arrived).as(seedText()).usingRecursiveComparison().isEqualTo(frame);
            } else {
                assertThat(arrived).as(seedText()).isEqualTo(frame);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(seedText() + ": " + frame, e);
        }
    }

    private String seedText() {
        return "meridian.seed=" + seed;
    }

    private void assertRefused(LinkFrame.Builder encoded, String reasonPart) {
        assertThatThrownBy(() -> decoder.decode(encoded.build(), WALL_MILLIS))
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
}
