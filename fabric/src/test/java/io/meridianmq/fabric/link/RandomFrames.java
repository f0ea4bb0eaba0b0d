package io.meridianmq.fabric.link;

import com.google.common.primitives.ImmutableLongArray;
import com.google.protobuf.ByteString;
import io.meridianmq.core.link.Answer;
import io.meridianmq.core.link.ClaimMessage;
import io.meridianmq.core.link.ClaimRecord;
import io.meridianmq.core.link.CopyEntry;
import io.meridianmq.core.link.DueWill;
import io.meridianmq.core.link.Frame;
import io.meridianmq.core.link.GroupGrant;
import io.meridianmq.core.link.InterestEntries;
import io.meridianmq.core.link.InterestKey;
import io.meridianmq.core.link.LaneKey;
import io.meridianmq.core.link.LinkReport;
import io.meridianmq.core.link.Question;
import io.meridianmq.core.link.SlotMessage;
import io.meridianmq.core.link.StreamItem;
import io.meridianmq.core.link.Waybill;
import io.meridianmq.core.place.ConnectionNumber;
import io.meridianmq.core.place.Incarnation;
import io.meridianmq.core.place.Member;
import io.meridianmq.core.place.Place;
import io.meridianmq.core.place.Reach;
import io.meridianmq.core.publication.CanonicalBytes;
import io.meridianmq.core.publication.Publication;
import io.meridianmq.core.publication.PublicationId;
import io.meridianmq.core.publication.Qos;
import io.meridianmq.core.publication.Will;
import io.meridianmq.core.settings.GlobalTopic;
import io.meridianmq.core.settings.PlatformSettings;
import io.meridianmq.core.slot.SlotHash;
import io.meridianmq.digest.DigestChunk;
import io.meridianmq.digest.DigestDelta;
import io.meridianmq.digest.DigestGroup;
import io.meridianmq.digest.DigestPosition;
import io.meridianmq.topic.TopicFilter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
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

    // The maps keep their order, so that a seed gives the same frames in every run.

    /** A maker for every kind of frame. */
    Map<Class<? extends Frame>, Supplier<Frame>> kinds() {
        var makers = new LinkedHashMap<Class<? extends Frame>, Supplier<Frame>>();
        makers.put(Frame.Forward.class, this::forward);
        makers.put(Frame.LaneData.class, this::laneData);
        makers.put(Frame.LaneAck.class, this::laneAck);
        makers.put(
                Frame.InterestSnapshot.class,
                () -> new Frame.InterestSnapshot(key(), number(), small(), flag(), entries()));
        makers.put(
                Frame.InterestDelta.class,
                () -> new Frame.InterestDelta(key(), number(), number(), entries(), entries()));
        makers.put(Frame.InterestAck.class, () -> new Frame.InterestAck(key(), number(), flag()));
        makers.put(Frame.InterestSummary.class, () -> new Frame.InterestSummary(key(), number(), random.nextLong()));
        makers.put(Frame.DigestOffer.class, () -> new Frame.DigestOffer(place(), position()));
        makers.put(Frame.DigestPart.class, () -> new Frame.DigestPart(place(), chunk()));
        makers.put(Frame.DigestChange.class, () -> new Frame.DigestChange(place(), delta()));
        makers.put(Frame.DigestAck.class, () -> new Frame.DigestAck(place(), position(), flag()));
        makers.put(Frame.Between.class, () -> between(oneOf(slotMessages().values())));
        makers.put(Frame.Settings.class, () -> new Frame.Settings(settings()));
        makers.put(Frame.SettingsHeld.class, () -> new Frame.SettingsHeld(number()));
        makers.put(Frame.Report.class, () -> new Frame.Report(member(), number(), figures(), list(this::link)));
        makers.put(Frame.Request.class, () -> request(oneOf(questions().values())));
        makers.put(Frame.Response.class, () -> response(oneOf(answers().values())));
        return makers;
    }

    /** A maker for every kind of message about slots. */
    Map<Class<? extends SlotMessage>, Supplier<SlotMessage>> slotMessages() {
        var makers = new LinkedHashMap<Class<? extends SlotMessage>, Supplier<SlotMessage>>();
        makers.put(SlotMessage.Filled.class, () -> new SlotMessage.Filled(list(this::copy)));
        makers.put(
                SlotMessage.Claims.class,
                () -> new SlotMessage.Claims(
                        number(),
                        claimMessages().values().stream().map(Supplier::get).toList()));
        makers.put(
                SlotMessage.Stream.class,
                () -> new SlotMessage.Stream(
                        number(),
                        1 + random.nextLong(1L << 62),
                        1 + random.nextLong(1L << 62),
                        list(this::streamItem),
                        number()));
        makers.put(SlotMessage.AskHeld.class, () -> new SlotMessage.AskHeld(number()));
        makers.put(SlotMessage.NothingHeld.class, () -> new SlotMessage.NothingHeld(number()));
        return makers;
    }

    private StreamItem streamItem() {
        var body = new byte[random.nextInt(100)];
        random.nextBytes(body);
        return new StreamItem(random.nextLong(), CanonicalBytes.wrap(body));
    }

    /** A maker for every kind of message about clients and their connections. */
    Map<Class<? extends ClaimMessage>, Supplier<ClaimMessage>> claimMessages() {
        var makers = new LinkedHashMap<Class<? extends ClaimMessage>, Supplier<ClaimMessage>>();
        makers.put(
                ClaimMessage.Open.class,
                () -> new ClaimMessage.Open(number(), text(), number(), flag(), seconds(), maybe(this::will)));
        makers.put(
                ClaimMessage.Granted.class,
                () -> new ClaimMessage.Granted(
                        number(), text(), number(), connection(), flag(), maybe(this::incarnation)));
        makers.put(ClaimMessage.Refused.class, () -> new ClaimMessage.Refused(number(), text(), number()));
        makers.put(
                ClaimMessage.Close.class,
                () -> new ClaimMessage.Close(number(), text(), number(), connection(), ending(), seconds()));
        makers.put(ClaimMessage.Closed.class, () -> new ClaimMessage.Closed(number(), text(), number(), connection()));
        makers.put(
                ClaimMessage.Evict.class,
                () -> new ClaimMessage.Evict(number(), text(), number(), connection(), flag()));
        makers.put(ClaimMessage.Evicted.class, () -> new ClaimMessage.Evicted(number(), text(), number(), ending()));
        makers.put(ClaimMessage.WillDone.class, () -> new ClaimMessage.WillDone(number(), text(), connection()));
        makers.put(
                ClaimMessage.Superseded.class,
                () -> new ClaimMessage.Superseded(number(), text(), connection(), maybe(this::incarnation)));
        makers.put(ClaimMessage.AskAnnouncement.class, () -> new ClaimMessage.AskAnnouncement(number(), slot()));
        makers.put(
                ClaimMessage.Announce.class,
                () -> new ClaimMessage.Announce(number(), slot(), small(), flag(), list(this::claim)));
        makers.put(ClaimMessage.Announced.class, () -> new ClaimMessage.Announced(number(), slot(), small()));
        makers.put(
                ClaimMessage.CopyPart.class,
                () -> new ClaimMessage.CopyPart(number(), slot(), number(), number(), list(this::copyEntry)));
        makers.put(ClaimMessage.CopyMark.class, () -> new ClaimMessage.CopyMark(number(), slot(), number(), number()));
        makers.put(ClaimMessage.CopyRefused.class, () -> new ClaimMessage.CopyRefused(number(), slot()));
        makers.put(ClaimMessage.Ping.class, ClaimMessage.Ping::new);
        makers.put(ClaimMessage.Pong.class, ClaimMessage.Pong::new);
        return makers;
    }

    private CopyEntry copyEntry() {
        return switch (random.nextInt(6)) {
            case 0 -> new CopyEntry.Begin();
            case 1 -> new CopyEntry.Put(claim());
            case 2 -> new CopyEntry.Remove(text());
            case 3 ->
                new CopyEntry.PutWill(new DueWill(
                        text(), connection(), number(), random.nextLong(), will(), maybe(this::incarnation)));
            case 4 -> new CopyEntry.RemoveWill(text(), connection());
            default -> new CopyEntry.Complete();
        };
    }

    private ClaimRecord claim() {
        return new ClaimRecord(
                text(),
                connection(),
                incarnation(),
                maybe(this::incarnation),
                number(),
                flag(),
                flag(),
                seconds(),
                maybe(this::will),
                flag() ? ClaimRecord.CONNECTED : random.nextLong(1L << 40));
    }

    private Will will() {
        var message = new byte[random.nextInt(100)];
        random.nextBytes(message);
        var expiry = flag() ? Will.NO_MESSAGE_EXPIRY : seconds();
        return new Will(qos(), flag(), seconds(), expiry, CanonicalBytes.wrap(message));
    }

    private ConnectionNumber connection() {
        return new ConnectionNumber(number(), number());
    }

    private ClaimMessage.Ending ending() {
        return oneOf(List.of(ClaimMessage.Ending.values()));
    }

    private int slot() {
        return random.nextInt(LaneKey.SLOTS);
    }

    private long seconds() {
        return random.nextLong(1L << 32);
    }

    private <T> Optional<T> maybe(Supplier<T> maker) {
        return flag() ? Optional.of(maker.get()) : Optional.empty();
    }

    Frame.Between between(Supplier<SlotMessage> message) {
        return new Frame.Between(place(), number(), place(), message.get(), small());
    }

    private SlotMessage.Copy copy() {
        return new SlotMessage.Copy(random.nextInt(LaneKey.SLOTS), number(), incarnation());
    }

    private Incarnation incarnation() {
        return new Incarnation(place(), number());
    }

    /** A maker for every kind of question. */
    Map<Class<? extends Question>, Supplier<Question>> questions() {
        var makers = new LinkedHashMap<Class<? extends Question>, Supplier<Question>>();
        makers.put(Question.Explain.class, () -> new Question.Explain(text(), qos(), place()));
        makers.put(
                Question.RetainedLookup.class,
                () -> new Question.RetainedLookup(
                        flag() ? OptionalInt.of(random.nextInt(SlotHash.COUNT)) : OptionalInt.empty(),
                        text(),
                        text(),
                        1 + random.nextInt(1_000),
                        flag(),
                        flag()));
        makers.put(
                Question.RetainedPut.class,
                () -> new Question.RetainedPut(
                        random.nextInt(SlotHash.COUNT),
                        oneOf(List.of(Question.PutStage.values())),
                        list(this::publication)));
        makers.put(
                Question.RetainedSum.class,
                () -> new Question.RetainedSum(random.nextInt(SlotHash.COUNT), flag(), number()));
        makers.put(
                Question.Drain.class,
                () -> new Question.Drain(random.nextInt(3_600_000), 1 + random.nextInt(1_000_000)));
        makers.put(Question.Resume.class, Question.Resume::new);
        makers.put(Question.FindClaim.class, () -> new Question.FindClaim(slot(), text()));
        makers.put(Question.FindSession.class, () -> new Question.FindSession(text()));
        makers.put(Question.DisconnectClient.class, () -> new Question.DisconnectClient(text()));
        makers.put(
                Question.FindSubscribers.class,
                () -> new Question.FindSubscribers(text(), text(), text(), 1 + random.nextInt(1_000)));
        return makers;
    }

    /** A maker for every kind of answer. */
    Map<Class<? extends Answer>, Supplier<Answer>> answers() {
        var makers = new LinkedHashMap<Class<? extends Answer>, Supplier<Answer>>();
        makers.put(Answer.Refused.class, () -> new Answer.Refused(text()));
        makers.put(
                Answer.Explained.class,
                () -> new Answer.Explained(list(() -> new Answer.Destination(place(), place(), text(), flag()))));
        makers.put(
                Answer.RetainedFound.class,
                () -> new Answer.RetainedFound(list(this::publication), flag(), random.nextInt(1_000)));
        makers.put(Answer.RetainedKept.class, () -> new Answer.RetainedKept(random.nextInt(256)));
        makers.put(Answer.RetainedSummed.class, () -> new Answer.RetainedSummed(number()));
        makers.put(Answer.DrainStatus.class, () -> new Answer.DrainStatus(flag(), small(), small()));
        makers.put(Answer.ClaimFound.class, () -> new Answer.ClaimFound(place(), maybe(this::claimView)));
        makers.put(Answer.SessionFound.class, () -> new Answer.SessionFound(maybe(this::session)));
        makers.put(Answer.Disconnected.class, () -> new Answer.Disconnected(flag()));
        makers.put(
                Answer.SubscribersFound.class,
                () -> new Answer.SubscribersFound(
                        number(), small(), list(() -> new Answer.Subscriber(text(), text(), flag())), flag()));
        return makers;
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

    Frame.LaneData laneData() {
        var floor = 1 + random.nextLong(Long.MAX_VALUE >> 1);
        return new Frame.LaneData(lane(), floor, floor + small(), publication(), waybill(), small());
    }

    private LinkReport link() {
        return new LinkReport(place(), flag(), number(), number(), number());
    }

    private Waybill waybill() {
        return new Waybill(list(this::grant), list(this::place), random.nextBoolean());
    }

    private Frame.LaneAck laneAck() {
        return new Frame.LaneAck(lane(), number(), number(), number(), flag(), small());
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
                list(() -> new InterestEntries.Literals(reach(), hashes())),
                list(() -> new InterestEntries.Wildcard(reach(), text())),
                list(() -> new InterestEntries.Group(text(), text(), flag())));
    }

    private DigestPosition position() {
        return new DigestPosition(number(), number());
    }

    private DigestChunk chunk() {
        var deflated = new byte[random.nextInt(300)];
        random.nextBytes(deflated);
        return new DigestChunk(number(), number(), small(), small(), small(), random.nextInt(), deflated);
    }

    private DigestDelta delta() {
        return new DigestDelta(
                number(),
                number(),
                number(),
                hashes(),
                hashes(),
                list(this::filter),
                list(this::filter),
                list(() -> new DigestGroup(sharedFilter(), flag())),
                list(this::sharedFilter));
    }

    private TopicFilter filter() {
        return TopicFilter.of("plant/" + name() + oneOf(List.of("/+", "/#", "/+/temp")));
    }

    private TopicFilter sharedFilter() {
        return TopicFilter.of("$share/" + name() + "/" + filter().text());
    }

    private ImmutableLongArray hashes() {
        return ImmutableLongArray.copyOf(random.longs(random.nextInt(20)).toArray());
    }

    private Member member() {
        return new Member(place(), number(), text(), text(), text(), flag(), flag());
    }

    private Answer.ClaimView claimView() {
        return new Answer.ClaimView(
                place(),
                connection(),
                seconds(),
                flag() ? OptionalLong.of(seconds()) : OptionalLong.empty(),
                flag() ? ClaimRecord.CONNECTED : random.nextLong(1L << 40));
    }

    private Answer.SessionView session() {
        return new Answer.SessionView(
                maybe(() -> new Answer.ConnectionView(number(), text(), text(), small(), text())),
                number(),
                small(),
                list(() -> new Answer.SubscriptionView(text(), qos())),
                small(),
                small());
    }

    private PlatformSettings settings() {
        return PlatformSettings.of(
                number(),
                Map.of("session.expiry-max", text(), name(), text()),
                list(() -> new GlobalTopic(filter().text(), regions(), regions())));
    }

    private SortedSet<Place> regions() {
        return new TreeSet<>(list(() -> Place.region(name())));
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

    private <T> T oneOf(Collection<T> choices) {
        return choices.stream().skip(random.nextInt(choices.size())).findFirst().orElseThrow();
    }
}
