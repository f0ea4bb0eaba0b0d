package io.meridianmq.fabric.link;

import com.google.common.primitives.ImmutableLongArray;
import com.google.protobuf.ByteString;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Frames of every kind with random content. */
final class RandomFrames {

    private final RandomGenerator random;
    private final long wallMillis;

    RandomFrames(RandomGenerator random, long wallMillis) {
        this.random = random;
        this.wallMillis = wallMillis;
    }

    /** A maker for every kind of frame. */
    Map<Class<? extends Frame>, Supplier<Frame>> kinds() {
        return Map.ofEntries(
                Map.entry(Frame.Forward.class, this::forward),
                Map.entry(Frame.LaneData.class, this::laneData),
                Map.entry(Frame.LaneAck.class, this::laneAck),
                Map.entry(
                        Frame.InterestSnapshot.class,
                        () -> new Frame.InterestSnapshot(key(), number(), small(), flag(), entries())),
                Map.entry(
                        Frame.InterestDelta.class,
                        () -> new Frame.InterestDelta(key(), number(), number(), entries(), entries())),
                Map.entry(Frame.InterestAck.class, () -> new Frame.InterestAck(key(), number(), flag())),
                Map.entry(
                        Frame.InterestSummary.class,
                        () -> new Frame.InterestSummary(key(), number(), random.nextLong())),
                Map.entry(Frame.Report.class, () -> new Frame.Report(place(), number(), number(), figures())),
                Map.entry(Frame.Request.class, () -> request(oneOf(questions().values()))),
                Map.entry(Frame.Response.class, () -> response(oneOf(answers().values()))));
    }

    /** A maker for every kind of question. */
    Map<Class<? extends Question>, Supplier<Question>> questions() {
        return Map.of(
                Question.Explain.class,
                () -> new Question.Explain(text(), qos(), place()),
                Question.RetainedLookup.class,
                () -> new Question.RetainedLookup(text(), text(), 1 + random.nextInt(1_000)));
    }

    /** A maker for every kind of answer. */
    Map<Class<? extends Answer>, Supplier<Answer>> answers() {
        return Map.of(
                Answer.Refused.class,
                () -> new Answer.Refused(text()),
                Answer.Explained.class,
                () -> new Answer.Explained(list(() -> new Answer.Destination(place(), place(), text()))),
                Answer.RetainedFound.class,
                () -> new Answer.RetainedFound(list(this::publication), flag()));
    }

    Frame.Request request(Supplier<Question> question) {
        return new Frame.Request(number(), place(), place(), question.get(), small());
    }

    Frame.Response response(Supplier<Answer> answer) {
        return new Frame.Response(number(), place(), place(), answer.get(), small());
    }

    Frame.Forward forward() {
        return new Frame.Forward(place(), publication(), list(this::place), list(this::grant), small());
    }

    private Frame.LaneData laneData() {
        var floor = 1 + random.nextLong(Long.MAX_VALUE >> 1);
        return new Frame.LaneData(lane(), floor, floor + small(), publication(), list(this::grant), small());
    }

    private Frame.LaneAck laneAck() {
        return new Frame.LaneAck(lane(), number(), number(), flag(), small());
    }

    private Publication publication() {
        var payload = new byte[random.nextInt(300)];
        random.nextBytes(payload);
        return new Publication(
                new PublicationId(random.nextLong(), number(), number()),
                random.nextLong(),
                flag() ? 0 : random.nextLong(),
                text(),
                qos(),
                flag(),
                flag() ? Publication.NEVER : wallMillis + random.nextLong(1L << 42),
                new OpaqueBytes(ByteString.copyFrom(payload)));
    }

    private LaneKey lane() {
        return new LaneKey(place(), number(), place(), random.nextInt(LaneKey.SLOTS));
    }

    private GroupGrant grant() {
        return new GroupGrant(place(), text(), text());
    }

    private InterestKey key() {
        return new InterestKey(place(), number());
    }

    private InterestEntries entries() {
        return new InterestEntries(
                list(() -> new InterestEntries.Literals(
                        reach(),
                        ImmutableLongArray.copyOf(
                                random.longs(random.nextInt(20)).toArray()))),
                list(() -> new InterestEntries.Wildcard(reach(), text())),
                list(() -> new InterestEntries.Group(text(), text(), flag())));
    }

    private Map<String, Double> figures() {
        return IntStream.range(0, random.nextInt(5))
                .boxed()
                .collect(Collectors.toMap(n -> n + text(), n -> random.nextGaussian()));
    }

    private Place place() {
        return switch (random.nextInt(4)) {
            case 0 -> Place.GLOBAL;
            case 1 -> Place.region(name());
            case 2 -> Place.zone(name(), name());
            default -> Place.node(name(), name(), name());
        };
    }

    private String name() {
        return Integer.toString(random.nextInt(1_000), 36);
    }

    private String text() {
        return oneOf(List.of("", "a/b", "plant/+/temp/#", "größe/\u6e29\u5ea6/\ud83c\udf21", "x".repeat(200)));
    }

    private Reach reach() {
        return oneOf(List.of(Reach.values()));
    }

    private Qos qos() {
        return Qos.of(random.nextInt(3));
    }

    private long number() {
        return random.nextLong(Long.MAX_VALUE);
    }

    private int small() {
        return random.nextInt(7);
    }

    private boolean flag() {
        return random.nextBoolean();
    }

    private <T> List<T> list(Supplier<T> maker) {
        return Stream.generate(maker).limit(random.nextInt(4)).toList();
    }

    private <T> T oneOf(java.util.Collection<T> choices) {
        return choices.stream().skip(random.nextInt(choices.size())).findFirst().orElseThrow();
    }
}
